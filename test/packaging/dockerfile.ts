/** Reads a Dockerfile as far as ours goes: instructions, continued lines, comments, stages. */

export interface Instruction {
  readonly name: string;
  /** One line; continued lines are joined. */
  readonly text: string;
  /** `--name=value` in front of the rest. */
  readonly flags: Readonly<Record<string, string>>;
  /** The words behind the flags, or the texts of the JSON form. */
  readonly words: readonly string[];
}

export interface Stage {
  readonly image: string;
  readonly name: string | null;
  readonly instructions: readonly Instruction[];
}

/** Throws for an instruction outside of a stage. */
export function parseDockerfile(text: string): Stage[] {
  const lines = text
    .split("\n")
    .filter((line) => line.trim() !== "" && !line.startsWith("#"))
    .join("\n")
    .replaceAll(/\s*\\\n\s*/g, " ");
  const stages: (Stage & { instructions: Instruction[] })[] = [];
  for (const line of lines.split("\n").filter((each) => each !== "")) {
    const instruction = parseInstruction(line);
    if (instruction.name === "FROM") {
      const [image = "", , name = null] = instruction.words;
      stages.push({ image, name, instructions: [] });
      continue;
    }
    const stage = stages.at(-1);
    if (stage === undefined) throw new Error(`before any stage: ${line}`);
    stage.instructions.push(instruction);
  }
  return stages;
}

function parseInstruction(line: string): Instruction {
  const [, name = "", rest = ""] = /^([A-Z]+)\s+(.*)$/.exec(line) ?? [];
  if (name === "") throw new Error(`no instruction: ${line}`);
  const flags: Record<string, string> = {};
  let text = rest;
  for (let flag = nextFlag(text); flag !== null; flag = nextFlag(text)) {
    flags[flag[1] ?? ""] = flag[2] ?? "";
    text = text.slice(flag[0].length);
  }
  const command = name === "HEALTHCHECK" ? text.replace(/^CMD\s+/, "") : text;
  const words = command.startsWith("[") ? (JSON.parse(command) as string[]) : command.split(/\s+/);
  return { name, text: command, flags, words };
}

const nextFlag = (text: string) => /^--([a-z-]+)=(\S+)\s+/.exec(text);
