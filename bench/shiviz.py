#!/usr/bin/env python3
"""Opens an exported log in ShiViz itself, in a browser without a screen, and counts what it shows.

Wanted are a checkout of https://github.com/DistributedClocks/shiviz and Chromium (Debian: apt install chromium). The log
goes both ways that ShiViz offers: through its file chooser, and typed into its fields. What is counted is what ShiViz has
parsed and drawn, and the errors that it shows. --screenshot keeps a picture of each way.
"""

import argparse
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile

from figures import Report

# Runs in ShiViz's page once that is ready: hands the log over, presses the button, and writes down what came of it.
SCRIPT = r"""
const [way, text] = %s;
const errors = [];
window.addEventListener("error", event => errors.push(String(event.message)));
$(() => setTimeout(() => {
  const [header, delimiter] = text.split("\n", 2);
  if (way === "chosen") {
    const files = new DataTransfer();
    files.items.add(new File([text], "log.txt"));
    $("#file")[0].files = files.files;
    $("#file")[0].dispatchEvent(new Event("change", {bubbles: true}));
  } else {
    $("#parser").val(header);
    $("#delimiter").val(delimiter);
    $("#input").val(text.slice(header.length + delimiter.length + 2)).trigger("input");
    Shiviz.getInstance().go(1, false);
    $("#visualize").prop("disabled", false).click();
  }
  setTimeout(() => {
    if ($(".error").is(":visible")) errors.push($("#errorbox").text());
    const parser = new LogParser($("#input").val(), null, new NamedRegExp($("#parser").val(), "m"));
    const events = parser.getLogEvents("");
    const graph = new ModelGraph(events);
    const found = {errors, events: events.length, hosts: graph.getHosts(),
      boxes: $("#hostBar svg rect, #hostBar svg path").length,
      circles: $("#vizContainer svg circle").length, lines: $("#vizContainer svg line").length,
      fields: Object.keys(events[0].getFields())};
    document.documentElement.setAttribute("data-found", encodeURIComponent(JSON.stringify(found)));
  }, 3000);
}, 500));
"""


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("log", help="what `suspectctl export --shiviz` has written")
    parser.add_argument("--shiviz", required=True, help="the checkout of ShiViz")
    parser.add_argument("--chromium", default="chromium", help="the browser (default: %(default)s)")
    parser.add_argument("--screenshot", help="write PREFIX-chosen.png and PREFIX-typed.png", metavar="PREFIX")
    options = parser.parse_args()
    with open(options.log) as file:
        text = file.read()
    lines = text.split("\n", 2)[2]
    hosts = {line.split(" ", 1)[0] for line in lines.split("\n") if re.match(r"\S+ \{", line)}
    report = Report(f"{os.path.basename(options.log)} in ShiViz")
    for way in ("chosen", "typed"):
        found = show(options, way, text)
        report.count(f"{way}: errors", len(found["errors"]), at_most=0)
        for error in found["errors"]:
            print(error)
        wanted = len(re.findall(r"^\S+ \{", lines, re.MULTILINE))
        report.count(f"{way}: events parsed", found["events"], at_least=wanted, at_most=wanted)
        report.count(f"{way}: hosts", len(found["hosts"]), at_least=len(hosts), at_most=len(hosts))
        report.count(f"{way}: events drawn, in a row as one", found["circles"], at_least=len(hosts))
        report.count(f"{way}: lines drawn", found["lines"], at_least=len(hosts))
        print(f"{way}: fields {', '.join(found['fields'])}")
    return report.finish()


def show(options, way, text):
    """Opens the log in a copy of ShiViz to which the script is added."""
    with tempfile.TemporaryDirectory() as folder:
        page = os.path.join(folder, "shiviz")
        shutil.copytree(options.shiviz, page, ignore=shutil.ignore_patterns(".git", "log", "test"))
        index = os.path.join(page, "index.html")
        with open(index) as file:
            html = file.read()
        script = SCRIPT % json.dumps([way, text]).replace("</", "<\\/")
        with open(index, "w") as file:
            file.write(html.replace("</html>", f"<script>{script}</script></html>"))
        browser = [options.chromium, "--headless", "--no-sandbox", "--disable-gpu", f"--user-data-dir={folder}/profile",
                   "--window-size=1600,1200", "--virtual-time-budget=20000"]
        done = subprocess.run([*browser, "--dump-dom", "file://" + index], check=False, text=True,
                              capture_output=True, timeout=120)
        found = re.search(r'data-found="([^"]*)"', done.stdout)
        if not found:
            sys.exit(f"ShiViz shows nothing: {done.stderr[-2000:]}")
        if options.screenshot:
            picture = os.path.abspath(f"{options.screenshot}-{way}.png")
            subprocess.run([*browser, f"--screenshot={picture}", "file://" + index], check=False,
                           capture_output=True, timeout=120)
        return json.loads(re.sub(r"%([0-9A-F]{2})", lambda m: chr(int(m[1], 16)), found[1]))


if __name__ == "__main__":
    sys.exit(main())
