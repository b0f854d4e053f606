// Elements are made and patched here, and nowhere else. A text becomes a text node or an attribute, never markup.

const LISTENING = Symbol("listening");
const HANDLERS = Symbol("handlers");

/** An element. `given` holds attributes; `on` handlers by event; `key` tells it from its siblings when patched. */
export function h(tag, given = {}, ...children) {
  const { on = {}, key, ...attributes } = given;
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === false || value === null || value === undefined) continue;
    element.setAttribute(name, value === true ? "" : String(value));
  }
  if (key !== undefined) element.dataset.key = key;
  listen(element, on);
  element.append(...children.flat(Infinity).filter(isShown).map(asNode));
  return element;
}

/** Makes `old` look like `fresh` and keeps what is the same: the focus, the caret, and what somebody is typing. */
export function patch(old, fresh) {
  if (old.nodeType === Node.TEXT_NODE) {
    if (old.data !== fresh.data) old.data = fresh.data;
    return;
  }
  patchAttributes(old, fresh);
  listen(old, fresh[HANDLERS] ?? {});
  patchChildren(old, fresh);
}

function isShown(child) {
  return child !== null && child !== undefined && child !== false && child !== "";
}

function asNode(child) {
  return child instanceof Node ? child : document.createTextNode(String(child));
}

function listen(element, handlers) {
  element[HANDLERS] = handlers;
  element[LISTENING] ??= new Set();
  for (const type of Object.keys(handlers)) {
    if (element[LISTENING].has(type)) continue;
    element[LISTENING].add(type);
    element.addEventListener(type, (event) => element[HANDLERS][type]?.(event));
  }
}

function patchAttributes(old, fresh) {
  for (const { name, value } of fresh.attributes) {
    if (old.getAttribute(name) !== value) old.setAttribute(name, value);
  }
  for (const { name } of [...old.attributes]) {
    const isTheReaders = name === "open" && old.nodeName === "DETAILS";
    if (!fresh.hasAttribute(name) && !isTheReaders) old.removeAttribute(name);
  }
}

function patchChildren(old, fresh) {
  const keyed = new Map(
    [...old.children].filter((child) => child.dataset.key).map((child) => [child.dataset.key, child]),
  );
  let at = old.firstChild;
  for (const child of [...fresh.childNodes]) {
    const key = child.dataset?.key;
    const match = key ? keyed.get(key) : at;
    if (match && areAlike(match, child)) {
      if (match === at) at = at.nextSibling;
      else old.insertBefore(match, at);
      patch(match, child);
    } else {
      old.insertBefore(child, at);
    }
  }
  while (at) {
    const next = at.nextSibling;
    at.remove();
    at = next;
  }
}

function areAlike(one, other) {
  return one.nodeType === other.nodeType && one.nodeName === other.nodeName && one.dataset?.key === other.dataset?.key;
}
