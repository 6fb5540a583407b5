import { createApp } from "vue";
import App from "./shell/App.vue";
import { router } from "./shell/router";
import { startTheme } from "./shell/theme";
import { startSession } from "./session/session";
import "./styles/tokens.css";
import "./styles/base.css";

startTheme();
await startSession((ended) => {
  // Whoever leaves by choice is on /session already.
  if (ended === "left") return;
  const here = router.currentRoute.value;
  if (here.meta.roles.length > 0) void router.push({ path: "/session", query: { next: here.fullPath } });
});
createApp(App).use(router).mount("#app");
