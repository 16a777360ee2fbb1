/** Whether everything is inside of one executable. */

/** The part of Bun's namespace that is used. */
interface Bun {
  readonly isStandaloneExecutable: boolean;
}

/** True in what `bun run compile` makes: no sources and no packages lie beside it, and the runtime is no command of its own. */
export function isExecutable(): boolean {
  return (globalThis as { readonly Bun?: Bun }).Bun?.isStandaloneExecutable ?? false;
}
