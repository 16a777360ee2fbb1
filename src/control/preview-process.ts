/** The child process of one preview: its messages, its time, and its end. */

import { OWN_PROCESSES } from "../own-modules.ts";
import type { PreviewedRecord, PreviewMessage, PreviewRequest } from "../preview/protocol.ts";
import { WatchedChild } from "./watched-child.ts";

export interface PreviewProcessOptions {
  /** The module to run. Default: strait's own. */
  readonly module?: URL;
  /** How long it may take in all, milliseconds; Infinity for however long. */
  readonly timeoutMs: number;
  /** How long it may be silent, milliseconds: while a filter has one record, or is being made. Default: no limit. */
  readonly silenceMs?: number;
  /** Called for each record, in order. */
  readonly onRecord: (record: PreviewedRecord) => void;
}

/** A preview that did not come to its end. */
export interface PreviewFailure {
  /** `late`: a limit was reached. `fatal`: it gave up. `ended`: the process is gone, or was ended by `kill`. */
  readonly how: "late" | "fatal" | "ended";
  /** Of an error that made it give up; null otherwise. */
  readonly code: string | null;
  readonly message: string;
  /** The record a filter had then; null where none had. */
  readonly at: { readonly partition: number; readonly offset: number } | null;
}

export class PreviewProcess {
  /** Resolves once the process is gone: null if it did what it was to do. Never rejects. */
  readonly ended: Promise<PreviewFailure | null>;
  readonly #child: WatchedChild<PreviewRequest, PreviewMessage>;
  readonly #options: PreviewProcessOptions;
  readonly #timer: ReturnType<typeof setTimeout> | null;
  #silence: ReturnType<typeof setTimeout> | null = null;
  #at: PreviewFailure["at"] = null;
  /** Null while nobody knows why it should end. */
  #failure: PreviewFailure | null = null;

  /** Starts it. Throws where no process can be started. */
  constructor(request: PreviewRequest, options: PreviewProcessOptions) {
    const { module = OWN_PROCESSES.previewer, timeoutMs } = options;
    this.#options = options;
    this.#child = new WatchedChild({
      module,
      name: "the process of the filters",
      output: "ignore",
      onMessage: (message) => this.#receive(request, message),
    });
    this.#timer = Number.isFinite(timeoutMs) ? setTimeout(() => this.#late(timeoutMs), timeoutMs) : null;
    this.ended = this.#child.ended.then((why) => {
      this.#stopClocks();
      return why === null ? null : (this.#failure ?? this.#failed("ended", why));
    });
    this.#heard();
  }

  /** Ends it at once: it only reads. `why` becomes the reason, unless there is one already. */
  kill(why: string): void {
    this.#child.kill(why);
  }

  #receive(request: PreviewRequest, message: PreviewMessage): void {
    if (this.#child.ending) return;
    this.#heard();
    if (message.type === "filtering") this.#at = { partition: message.partition, offset: message.offset };
    if (message.type === "record") {
      this.#at = null;
      this.#options.onRecord(message.record);
    }
    if (message.type === "done") this.#child.kill(null);
    if (message.type === "fatal") this.#fail({ ...this.#failed("fatal", message.message), code: message.code });
    if (message.type === "ready") this.#child.send(request);
  }

  #failed(how: PreviewFailure["how"], message: string): PreviewFailure {
    return { how, code: null, message, at: this.#at };
  }

  #late(ms: number): void {
    this.#fail(this.#failed("late", `no answer within ${ms / 1000} s`));
  }

  #heard(): void {
    const { silenceMs } = this.#options;
    if (silenceMs === undefined) return;
    if (this.#silence !== null) clearTimeout(this.#silence);
    this.#silence = setTimeout(() => this.#late(silenceMs), silenceMs);
  }

  #fail(failure: PreviewFailure): void {
    if (!this.#child.ending) this.#failure = failure;
    this.#child.kill(failure.message);
  }

  #stopClocks(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    if (this.#silence !== null) clearTimeout(this.#silence);
  }
}
