// Following the ledger over graphql-transport-ws: each event once, in order, across lost connections.

import { socketAddress } from "./api.js";
import { EVENTS } from "./operations.js";

const FIRST_WAIT_MS = 300;
const LONGEST_WAIT_MS = 10_000;
const BEAT_MS = 15_000;
const FORBIDDEN = 4403;

/**
 * Follows from the event after `position` on, until the returned function is called. `told` has `event`, `online`,
 * `offline` and `signedOut`.
 */
export function follow(position, told) {
  let last = position;
  let wait = FIRST_WAIT_MS;
  let socket = null;
  let timer = 0;
  let beat = 0;
  let hasEnded = false;

  function connect() {
    clearTimeout(timer);
    socket = new WebSocket(socketAddress(), "graphql-transport-ws");
    socket.onopen = () => say({ type: "connection_init" });
    socket.onmessage = ({ data }) => hear(JSON.parse(data));
    socket.onclose = ({ code }) => lost(code);
  }

  function say(message) {
    socket.send(JSON.stringify(message));
  }

  function hear(message) {
    expectMore();
    if (message.type === "connection_ack") begin();
    if (message.type === "ping") say({ type: "pong" });
    if (message.type === "next" && message.payload.data) arrived(message.payload.data.events);
    if (message.type === "error" || message.type === "complete") socket.close();
  }

  function begin() {
    wait = FIRST_WAIT_MS;
    say({ type: "subscribe", id: "events", payload: { query: EVENTS, variables: { after: last } } });
    told.online();
  }

  function arrived(event) {
    last = event.position;
    told.event(event);
  }

  /** Asks for a sign of life after a silence, and gives the socket up when none comes. */
  function expectMore() {
    clearTimeout(beat);
    beat = setTimeout(() => {
      if (socket.readyState === WebSocket.OPEN) say({ type: "ping" });
      beat = setTimeout(drop, BEAT_MS / 3);
    }, BEAT_MS);
  }

  /** A socket whose network is gone may take minutes to say that it closed. */
  function drop() {
    socket.onclose = null;
    socket.close();
    lost(0);
  }

  function lost(code) {
    clearTimeout(beat);
    if (hasEnded) return;
    if (code === FORBIDDEN) {
      told.signedOut();
      return;
    }
    told.offline();
    timer = setTimeout(connect, wait * (0.5 + Math.random() / 2));
    wait = Math.min(wait * 2, LONGEST_WAIT_MS);
  }

  function hurry() {
    if (!hasEnded && socket.readyState === WebSocket.CLOSED) connect();
  }

  function noticeLoss() {
    if (!hasEnded && socket.readyState !== WebSocket.CLOSED) drop();
  }

  addEventListener("online", hurry);
  addEventListener("offline", noticeLoss);
  document.addEventListener("visibilitychange", hurry);
  connect();
  return () => {
    hasEnded = true;
    clearTimeout(timer);
    clearTimeout(beat);
    removeEventListener("online", hurry);
    removeEventListener("offline", noticeLoss);
    document.removeEventListener("visibilitychange", hurry);
    socket.close();
  };
}
