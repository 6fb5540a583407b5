"use strict";
(async () => {
  const main = document.getElementById("main");
  const state = document.getElementById("state");
  // Everything is put in as text, never as markup.
  const node = (tag, text, ...children) => {
    const element = document.createElement(tag);
    if (text) element.textContent = text;
    element.append(...children);
    return element;
  };
  const table = (head, rows) => {
    const row = (cell, values) => node("tr", "", ...values.map((value) => node(cell, value)));
    return node("table", "", row("th", head), ...rows.map((values) => row("td", values)));
  };
  try {
    const answer = await fetch("openapi.json");
    if (!answer.ok) throw new Error("HTTP " + answer.status);
    const api = await answer.json();
    const schemas = (api.components && api.components.schemas) || {};
    const typeOf = (schema) => {
      if (!schema) return "";
      if (schema.$ref) return schema.$ref.split("/").pop();
      const either = schema.oneOf || schema.anyOf;
      if (either) return either.map(typeOf).join(" or ");
      const type = [].concat(schema.type || "any").join(" or ");
      return schema.type === "array" ? "list of " + typeOf(schema.items) : type + (schema.format ? " (" + schema.format + ")" : "");
    };
    const members = (schema) => {
      const found = schema && schema.$ref ? schemas[schema.$ref.split("/").pop()] : schema;
      if (!found || !found.properties) return node("p", typeOf(schema));
      const required = found.required || [];
      return table(["member", "type", ""], Object.entries(found.properties).map(([name, member]) =>
        [name + (required.includes(name) ? "" : " (optional)"), typeOf(member), member.description || ""]));
    };
    const contents = (content) => Object.entries(content || {}).flatMap(([type, media]) =>
      [node("p", "", node("code", type)), members(media.schema)]);
    const base = api.servers && api.servers.length ? api.servers[0].url.replace(/\/$/, "") : "";
    const groups = new Map();
    for (const [path, methods] of Object.entries(api.paths)) {
      for (const [method, operation] of Object.entries(methods)) {
        const group = (operation.tags && operation.tags[0]) || "other";
        if (!groups.has(group)) groups.set(group, []);
        groups.get(group).push([method, path, operation]);
      }
    }
    state.replaceChildren(node("span", api.info.description + " Version " + api.info.version + ". "));
    const link = node("a", "openapi.json");
    link.href = "openapi.json";
    state.append(link);
    for (const [group, operations] of groups) {
      main.append(node("h2", group));
      for (const [method, path, operation] of operations) {
        const name = node("span", method.toUpperCase());
        name.className = "method";
        const summary = node("summary", "", name, node("code", base + path), " — " + (operation.summary || ""));
        if (operation.security && operation.security.some((scheme) => !Object.keys(scheme).length)) {
          const open = node("span", "public");
          open.className = "public";
          summary.append(open);
        }
        const body = node("div", operation.description || "");
        if (operation.parameters && operation.parameters.length) {
          body.append(node("h4", "Parameters"), table(["name", "in", "type", ""], operation.parameters.map((parameter) =>
            [parameter.name, parameter.in, typeOf(parameter.schema), parameter.description || ""])));
        }
        if (operation.requestBody) body.append(node("h4", "Body"), ...contents(operation.requestBody.content));
        for (const [status, response] of Object.entries(operation.responses || {})) {
          body.append(node("h4", status + " " + (response.description || "")), ...contents(response.content));
        }
        main.append(node("details", "", summary, body));
      }
    }
  } catch (error) {
    state.textContent = "openapi.json could not be read: " + error.message;
  }
})();
