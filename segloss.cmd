@echo off
rem Starts Segloss on Windows, as ./segloss does elsewhere. Not tried yet: it was written on Linux.
setlocal EnableExtensions EnableDelayedExpansion
set "HERE=%~dp0"

rem a JDK 25: JAVA_HOME, or the usual folders
set "JDK="
for /d %%D in ("%JAVA_HOME%" "%ProgramFiles%\Eclipse Adoptium\jdk-25*" "%ProgramFiles%\Java\jdk-25*" "%ProgramFiles%\Microsoft\jdk-25*" "%ProgramFiles%\Zulu\zulu-25*" "%USERPROFILE%\.jdks\*") do (
    if not defined JDK if exist "%%~D\release" (
        findstr /r /c:"^JAVA_VERSION=.25\." "%%~D\release" >nul && (
            findstr /r /c:"^JAVA_VERSION=.25\.0\.[012][^0-9]" "%%~D\release" >nul || set "JDK=%%~D"
        )
    )
)
if not defined JDK (
    echo segloss: no JDK 25 found, and 25.0.3 or later is needed. Install one, for example from https://adoptium.net, and point JAVA_HOME at it. 1>&2
    exit /b 1
)

rem no watch on the sources here: delete cli\target to build again
set "JAR=%HERE%cli\target\segloss.jar"
if not exist "%JAR%" (
    where mvn >nul 2>nul
    if errorlevel 1 (
        echo segloss: it has to be built first, and Maven is missing. Install it from https://maven.apache.org and start again. 1>&2
        exit /b 1
    )
    echo segloss: building on the first run; this takes a minute or two and downloads about 150 MB 1>&2
    pushd "%HERE%"
    set "JAVA_HOME=!JDK!"
    call mvn -q -B -ntp -Dmaven.test.skip=true -pl cli -am package 1>&2
    if errorlevel 1 (
        popd
        echo segloss: the build failed; the reason is above 1>&2
        exit /b 1
    )
    popd
)

set "FLAGS="
if "%~1"=="compare" set "FLAGS=--add-modules jdk.incubator.vector"
if "%~1"=="cell" set "FLAGS=--add-modules jdk.incubator.vector"
if "%~1"=="train" set "FLAGS=--add-modules jdk.incubator.vector"
if "%~1"=="predict" set "FLAGS=-XX:+UseSerialGC --add-modules jdk.incubator.vector"
if "%~1"=="loss" set "FLAGS=--add-modules jdk.incubator.vector"
if defined SEGLOSS_CLASSPATH (
    "%JDK%\bin\java" -XX:MaxRAMPercentage=50 %FLAGS% --enable-native-access=ALL-UNNAMED -cp "%JAR%;%SEGLOSS_CLASSPATH%" org.segloss.cli.Main %*
) else (
    "%JDK%\bin\java" -XX:MaxRAMPercentage=50 %FLAGS% -jar "%JAR%" %*
)
exit /b %ERRORLEVEL%
