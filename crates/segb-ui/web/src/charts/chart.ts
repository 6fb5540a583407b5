/** Only the parts of Chart.js that our pictures have; whatever imports this is loaded lazily. */
import { BarController, BarElement, CategoryScale, Chart, LineController, LineElement, LinearScale, PointElement, ScatterController, Tooltip } from "chart.js";

Chart.register(BarController, BarElement, CategoryScale, LineController, LineElement, LinearScale, PointElement, ScatterController, Tooltip);

export { Chart };
