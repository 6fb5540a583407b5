import { computed, type WritableComputedRef } from "vue";
import { shownInField } from "./time";
import { useRoute, useRouter, type RouteRecordNameGeneric, type Router } from "vue-router";

let waiting: Record<string, string | undefined> | null = null;
/** The page that is on its way, while its code loads: to note something of this page now would call it off. */
let heading: RouteRecordNameGeneric | null = null;
const watched = new WeakSet<Router>();

function watchWay(router: Router): void {
  if (watched.has(router)) return;
  watched.add(router);
  router.beforeEach((to) => {
    heading = to.name;
  });
  router.afterEach((to) => {
    if (heading === to.name) heading = null;
  });
  router.onError(() => {
    heading = null;
  });
}

/** Changes of one moment go into the address together. */
function change(router: Router, name: string, value: string | undefined): void {
  if (!waiting) {
    waiting = {};
    queueMicrotask(() => {
      if (heading !== null && heading !== router.currentRoute.value.name) {
        waiting = null;
        return;
      }
      const query = { ...router.currentRoute.value.query, ...waiting };
      waiting = null;
      for (const key of Object.keys(query)) if (query[key] === undefined || query[key] === "") delete query[key];
      void router.replace({ query, hash: router.currentRoute.value.hash });
    });
  }
  waiting[name] = value;
}

/** A text that lives in the address of the page, so that a view can be shared and found again. */
export function useQuery(name: string, otherwise = ""): WritableComputedRef<string> {
  const route = useRoute();
  const router = useRouter();
  const page = route.name;
  watchWay(router);
  return computed({
    get: () => {
      const value = route.query[name];
      return (Array.isArray(value) ? value[0] : value) ?? otherwise;
    },
    set: (value) => {
      // What a page still wants to note when it is left is not the business of the next one.
      if (router.currentRoute.value.name === page) change(router, name, value === otherwise ? undefined : value);
    },
  });
}

/** As [useQuery], a time as a field shows it: in UTC, without its `Z`. */
export function useTimeQuery(name: string): WritableComputedRef<string> {
  const text = useQuery(name);
  return computed({ get: () => shownInField(text.value), set: (value) => (text.value = value) });
}
