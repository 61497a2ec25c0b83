/// The colours of a diagram and the classes that use them.
enum DiagramPalette {
    /// The causes of suspicions, the most informative first.
    static let causes = ["crash", "link", "inbound", "outbound", "isolated", "daemon", "unknown"]

    /// The colour of a cause; distinguished in grey as well, and by most of those who do not see red or green.
    static func colour(cause: String?) -> String {
        switch cause {
        case "crash": "#c92a2a"
        case "link": "#e8590c"
        case "inbound": "#862e9c"
        case "outbound": "#1864ab"
        case "isolated": "#087f5b"
        default: "#495057"
        }
    }

    /// What the elements look like.
    static let style = """
        <style>
        text{font:11px "DejaVu Sans",Verdana,Helvetica,sans-serif;fill:#343a40}
        .title{font-size:16px;font-weight:bold}
        .host{font-size:14px;font-weight:bold;text-anchor:middle}
        .again{fill:#868e96;text-anchor:end;font-weight:bold}
        .time{fill:#868e96;text-anchor:end}
        .gap{fill:#868e96;text-anchor:end;font-style:italic}
        .ground{fill:#fff;opacity:.85}
        .label{font-weight:bold}
        .epoch{fill:#868e96}
        .grid{stroke:#f1f3f5;stroke-width:1}
        .break{stroke:#adb5bd;stroke-width:1;stroke-dasharray:1 4}
        .line{stroke:#495057;stroke-width:2}
        .before{stroke:#495057;stroke-width:2;stroke-dasharray:2 3}
        .message{stroke:#4c8bc4;stroke-width:1;opacity:.6}
        .influence{stroke:#868e96;stroke-width:1;stroke-dasharray:5 3;opacity:.8}
        .proof{stroke:#2b8a3e;stroke-width:1.5;stroke-dasharray:2 3;fill:none}
        .ring{stroke:#2b8a3e;stroke-width:2;fill:none}
        .center{fill:#ffe066;stroke:#f59f00;stroke-width:1.5}
        .cross{stroke:#000;stroke-width:2}
        .sent{fill:#fff;stroke:#495057;stroke-width:1.2}
        .received{fill:#495057}
        .state{fill:#fff;stroke:#495057;stroke-width:1.5}
        .good{fill:#2b8a3e}
        .bad{fill:#c92a2a}
        .ping{fill:#f59f00}
        </style>

        """
}
