import { defineAsyncComponent, h } from "vue";
import StateNotice from "../components/StateNotice.vue";

/** A picture, loaded with the library when a page has one. */
export const LazyChart = defineAsyncComponent({
  loader: () => import("./ChartBox.vue"),
  loadingComponent: () => h(StateNotice, { kind: "loading", title: "Loading the picture" }),
  errorComponent: () => h(StateNotice, { kind: "problem", title: "The picture cannot be loaded", text: "Load the page again. The table has the same." }),
  delay: 150,
});
