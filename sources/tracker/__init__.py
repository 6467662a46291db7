"""The browser tracker: `t.js` in plain JavaScript, and the pages of a small demo site. The collector serves both."""
