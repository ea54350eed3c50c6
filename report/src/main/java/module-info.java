/// Runs as files, scores, statistics, comparisons and the report. No engine of networks.
module org.segloss.report {
    // the pictures of the report
    requires java.desktop;
    requires gg.jte.runtime;
    requires org.apache.commons.statistics.distribution;
    requires transitive org.segloss.imaging;
    requires tools.jackson.dataformat.yaml;

    exports org.segloss.run;
    exports org.segloss.score;
    exports org.segloss.stat;
    exports org.segloss.compare;
    exports org.segloss.report;
    // what the page's scripts read are records of ours alone
    opens org.segloss.report to
            tools.jackson.databind;

    // made by the build; the engine of the templates calls them by their names
    exports org.segloss.report.template to
            gg.jte.runtime;
}
