// Before anything is drawn, so that a dark page does not flash up light. A script of its own, not a module: those wait.
document.documentElement.dataset["theme"] = localStorage.getItem("strait-theme") ?? "auto";
