// Saying who one is.

import { h } from "../elements.js";

/** The form; `enter` gets the token. */
export function signIn(enter, complaint) {
  const submit = (event) => {
    event.preventDefault();
    enter(new FormData(event.currentTarget).get("token").trim());
  };
  return h(
    "section",
    { class: "entrance", "aria-labelledby": "sign-in", key: "sign-in" },
    h("h1", { id: "sign-in", tabindex: "-1" }, "Sign in"),
    h("p", {}, "Pushback keeps what people disagree on and who accepted what. Paste your access token; whoever administers your workspace can make you one."),
    h(
      "form",
      { on: { submit } },
      h(
        "div",
        { class: "field" },
        h("label", { for: "token" }, "Access token"),
        h("input", { id: "token", name: "token", type: "password", autocomplete: "off", spellcheck: "false", required: true }),
      ),
      complaint ? h("p", { class: "refusal", role: "alert" }, complaint) : null,
      h("button", { type: "submit", class: "main" }, "Sign in"),
    ),
  );
}
