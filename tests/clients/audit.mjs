// Every audit of the package `graphql-http` against a running server: URL and TOKEN in the environment.
import { auditServer } from "graphql-http";

const authorized = (url, options = {}) =>
  fetch(url, { ...options, headers: { ...options.headers, authorization: `Bearer ${process.env.TOKEN}` } });

const results = await auditServer({ url: process.env.URL, fetchFn: authorized });
const told = results.map(({ id, name, status, reason }) => ({ id, name, status, reason }));
console.log(JSON.stringify(told));
