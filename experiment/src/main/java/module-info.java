/// Losses times cases: the jobs of a comparison, who does them, and the folder of a run.
module org.segloss.experiment {
    requires transitive org.segloss.report;
    requires transitive org.segloss.train;

    uses org.segloss.store.ObjectStore;

    exports org.segloss.design;
    exports org.segloss.experiment;
    exports org.segloss.store;

    // what is done of a job is a record of ours alone
    opens org.segloss.design to
            tools.jackson.databind;
    opens org.segloss.experiment to
            tools.jackson.databind;
}
