/** Pause, resume and remove: of a link or of one of its mappings. */

import { pathTo } from "../api/api.js";
import { actionButton } from "./action-button.js";

/** @typedef {import("../app/app.js").App} App */

const LINK = "/v1/links/{link}";
const MAPPING = "/v1/links/{link}/mappings/{mapping}";

/**
 * @param {App} app
 * @param {string} link
 * @param {{ paused: boolean, onRemoved?: () => void }} options
 */
export function linkActions(app, link, { paused, onRemoved }) {
  const path = pathTo("links", link);
  return actions(app, { what: "link", name: link, path, operation: LINK, paused, onRemoved });
}

/**
 * @param {App} app
 * @param {string} link
 * @param {string} mapping
 * @param {{ paused: boolean, small?: boolean, onRemoved?: () => void }} options
 */
export function mappingActions(app, link, mapping, { paused, small, onRemoved }) {
  const path = pathTo("links", link, "mappings", mapping);
  return actions(app, { what: "mapping", name: mapping, path, operation: MAPPING, paused, small, onRemoved });
}

/**
 * @param {App} app
 * @param {{ what: string, name: string, path: string, operation: string, paused: boolean, small?: boolean | undefined, onRemoved: (() => void) | undefined }} options
 */
function actions(app, { what, name, path, operation, paused, small = false, onRemoved }) {
  const about = `${what} ${name}`;
  const change = async (/** @type {string} */ verb, /** @type {string} */ done) => {
    await app.api.send("POST", `${path}/${verb}`);
    await app.live.refresh();
    return done;
  };
  const turn = paused
    ? actionButton(app, {
        label: "Resume",
        about,
        small,
        needs: ["post", `${operation}/resume`],
        run: () => change("resume", `${about} goes on`),
      })
    : actionButton(app, {
        label: "Pause",
        about,
        picture: "paused",
        small,
        needs: ["post", `${operation}/pause`],
        run: () => change("pause", `${about} is paused`),
      });
  const remove = actionButton(app, {
    label: "Remove",
    about,
    picture: "remove",
    danger: true,
    small,
    needs: ["delete", operation],
    question: {
      title: `Remove ${about}?`,
      text: `It stops. What it has copied stays at the destination, as does its progress: added again, it goes on where it was.`,
      yes: `Remove ${what}`,
    },
    run: async () => {
      await app.api.send("DELETE", path);
      await app.live.refresh();
      onRemoved?.();
      return `${about} was removed`;
    },
  });
  return [turn, remove];
}
