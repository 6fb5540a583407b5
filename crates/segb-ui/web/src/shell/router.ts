import { createRouter, createWebHistory } from "vue-router";
import { may, session } from "../session/session";
import { PAGES, READING_PAGES } from "./pages";

/** Where `/` leads: the first page of the list that everybody with a reason to be here may see. */
const HOME = PAGES.find((page) => page.name === "reports")?.path ?? "/query";

export const router = createRouter({
  history: createWebHistory(),
  routes: [
    { path: "/", redirect: HOME },
    ...PAGES.map((page) => ({
      path: page.path,
      name: page.name,
      component: page.load,
      meta: { title: page.title, roles: page.roles },
    })),
    {
      path: "/logs/:id([0-9a-fA-F-]{36})",
      name: "log",
      component: () => import("../pages/logs/LogPage.vue"),
      meta: { title: "Log", roles: READING_PAGES },
    },
    { path: "/:rest(.*)*", name: "missing", component: () => import("../pages/MissingPage.vue"), meta: { title: "No such page", roles: [] } },
  ],
});

router.beforeEach((to) => {
  if (session.mode === "unknown" || may(to.meta.roles)) return true;
  return { path: "/session", query: { next: to.fullPath } };
});

router.afterEach((to) => {
  document.title = `${to.meta.title} · SEGB`;
});
