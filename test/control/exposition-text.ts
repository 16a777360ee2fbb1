/** Reads the text format of Prometheus, strictly: what is not exactly right throws. */

export interface ReadMetric {
  readonly name: string;
  readonly type: string;
  readonly help: string;
  readonly samples: ReadSample[];
}

export interface ReadSample {
  /** With the suffix that parts of a histogram have. */
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

const SAMPLE = /^([a-z_]+)(?:\{(.*)\})? (\S+)$/;
const LABEL = /([a-z_]+)="((?:[^"\\\n]|\\["\\n])*)"(,|$)/y;

/** By name. Throws where a metric comes twice, a sample is not below its metric, or a line cannot be read. */
export function readExposition(text: string): ReadonlyMap<string, ReadMetric> {
  if (!text.endsWith("\n")) throw new Error("the last line does not end");
  const metrics = new Map<string, ReadMetric>();
  const seen = new Set<string>();
  let help: readonly [name: string, text: string] = ["", ""];
  let current: ReadMetric | null = null;
  for (const line of text.slice(0, -1).split("\n")) {
    const [, kind, about = "", rest = ""] = /^# (HELP|TYPE) (\S+) (.+)$/.exec(line) ?? [];
    if (kind === "HELP") {
      help = [about, rest];
    } else if (kind === "TYPE") {
      if (help[0] !== about || metrics.has(about))
        throw new Error(`not after its help, or for the second time: ${line}`);
      current = { name: about, type: rest, help: help[1], samples: [] };
      metrics.set(about, current);
    } else {
      const sample = readSample(line);
      const suffix = current?.type === "histogram" ? /^(_bucket|_sum|_count)$/ : /^$/;
      const isOf = current !== null && sample.name.startsWith(current.name);
      if (!isOf || !suffix.test(sample.name.slice(current?.name.length)))
        throw new Error(`below another metric: ${line}`);
      const series = line.slice(0, line.lastIndexOf(" "));
      if (seen.has(series)) throw new Error(`for the second time: ${line}`);
      seen.add(series);
      current?.samples.push(sample);
    }
  }
  return metrics;
}

function readSample(line: string): ReadSample {
  const [, name = "", inBraces = "", value = ""] = SAMPLE.exec(line) ?? [];
  const number = value === "+Inf" ? Number.POSITIVE_INFINITY : Number(value);
  if (name === "" || value === "" || Number.isNaN(number)) throw new Error(`no sample: ${line}`);
  const labels: Record<string, string> = {};
  for (let at = 0; at < inBraces.length; at = LABEL.lastIndex) {
    LABEL.lastIndex = at;
    const [, label = "", escaped = ""] = LABEL.exec(inBraces) ?? [];
    if (label === "" || label in labels) throw new Error(`not a label: ${line}`);
    labels[label] = escaped.replaceAll(/\\(.)/g, (_, character) => (character === "n" ? "\n" : character));
  }
  return { name, labels, value: number };
}
