// What runs on every page.

import { startCharts } from "./chart.js";
import { startCopy } from "./copy.js";
import { startCustomer } from "./customer.js";
import { startDialogs } from "./dialogs.js";
import { startKeys } from "./keys.js";
import { startLive } from "./live.js";
import { startOverview } from "./overview.js";
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
startOverview();
startCustomer();
startLive();
startRepeat();
