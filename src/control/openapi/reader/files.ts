/** The reader's files, as text: so they are part of a compiled executable too. */

// @ts-expect-error: TypeScript takes these for modules, whatever `type` says
import command from "./command.js" with { type: "text" };
// @ts-expect-error
import el from "./el.js" with { type: "text" };
// @ts-expect-error
import operationView from "./operation-view.js" with { type: "text" };
import page from "./page.html" with { type: "text" };
// @ts-expect-error
import css from "./reader.css" with { type: "text" };
// @ts-expect-error
import reader from "./reader.js" with { type: "text" };
// @ts-expect-error
import schemaText from "./schema-text.js" with { type: "text" };
// @ts-expect-error
import schemaView from "./schema-view.js" with { type: "text" };
// @ts-expect-error
import search from "./search.js" with { type: "text" };
// @ts-expect-error
import signIn from "./sign-in.js" with { type: "text" };

export const READER_PAGE = page as unknown as string;

/** What the page loads, by name. */
export const READER_FILES: Readonly<Record<string, string>> = {
  "reader.css": css,
  "reader.js": reader,
  "command.js": command,
  "el.js": el,
  "operation-view.js": operationView,
  "schema-text.js": schemaText,
  "schema-view.js": schemaView,
  "search.js": search,
  "sign-in.js": signIn,
};
