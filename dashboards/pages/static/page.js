// What runs on every page.

import { startCharts } from "./chart_loader.js";
import { startCopy } from "./copy.js";
import { startCustomer } from "./customer.js";
import { startDialogs } from "./dialogs.js";
import { startKeys } from "./keys.js";
import { startLive } from "./live.js";
import { startPause } from "./pause.js";
import { startRepeat } from "./repeat.js";
import { startThemeSwitch } from "./theme_switch.js";
import { startTimes } from "./times.js";
import { startUrlState } from "./url_state.js";

startTimes();
startCharts();
startThemeSwitch();
startDialogs();
startKeys();
startUrlState();
startPause();
startCopy();
// Before the live connection, whose first event it needs.
if (document.querySelector("#rate, [data-first-run]")) (await import("./overview.js")).startOverview();
startCustomer();
startLive();
startRepeat();
