package org.segloss.cli;
public final class Main { private Main() {} static void main(String[] a) { IO.println("hi"); } }
