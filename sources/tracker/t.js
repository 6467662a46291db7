/* Touchline's browser tracker. Guide: docs/guides/tracker.md. Licence: Apache-2.0. */
(() => {
  'use strict';
  const w = window, d = document, nav = navigator, place = location;
  const early = w.touchline;
  if (early && early.version) return;

  // A fault of the tracker must never reach the page.
  const safe = (run) => (...args) => { try { return run(...args); } catch (fault) { return undefined; } };
  const on = (target, names, run, options) =>
    names.split(' ').forEach((name) => target.addEventListener(name, safe(run), options));

  safe(() => {
    const VERSION = '1.0.0';
    const script = d.currentScript || d.querySelector('script[src*="/t.js"]');
    const source = new URL(script.src);
    const option = (name) => script.getAttribute('data-' + name) || source.searchParams.get(name) || '';
    const key = option('key');
    const address = new URL('v1/beacon', source);
    address.search = new URLSearchParams({ key, channel: 'visits' });

    const YEAR_S = 31536000, WEEK_MS = 604800000, LEASE_MS = 25000, IDLE_MS = 30000;
    const MOST_ITEMS = 200, BATCH_ITEMS = 40, BATCH_CHARS = 50000;
    const BEAT_MS = (+option('heartbeat') || 15) * 1000;
    const FILES = /\.(pdf|docx?|xlsx?|pptx?|od[tsp]|csv|txt|rtf|epub|zip|gz|tgz|rar|7z|dmg|pkg|exe|msi|deb|rpm|apk|iso|mp[34]|mov|avi|wav)$/i;
    const cookieless = option('cookieless') !== '' || script.hasAttribute('data-cookieless');
    const withHash = option('hash') !== '' || script.hasAttribute('data-hash');
    const searchNames = (option('search') || 'q,s,query,search,keyword').split(',');
    const ID = 'touchline_id', OFF = 'touchline_off';

    const random = () =>
      Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => (byte + 256).toString(16).slice(1)).join('');
    const tab = random();

    // Cookies and storage. Each may be blocked: the next one is used then, at last the memory of this page.
    const readCookie = (name) => {
      try { return (d.cookie.match('(?:^|; )' + name + '=([^;]*)') || [])[1] || ''; } catch (blocked) { return ''; }
    };
    const writeCookie = (name, value) => {
      const domain = option('domain');
      try {
        d.cookie = name + '=' + value + '; path=/; max-age=' + (value ? YEAR_S : 0) + '; SameSite=Lax' +
          (domain ? '; domain=' + domain : '') + (place.protocol === 'https:' ? '; Secure' : '');
      } catch (blocked) { /* readCookie shows it */ }
    };
    const memory = {};
    const disk = () => { try { return w.localStorage; } catch (blocked) { return null; } };
    const stored = () => (consented && !cookieless ? disk() : null);
    const get = (name) => { const area = stored(); return memory[name] || (area && area.getItem(name)) || ''; };
    const set = (name, value) => {
      try { stored().setItem(name, value); } catch (blocked) { memory[name] = value; }
    };
    const remove = (name) => { delete memory[name]; const area = stored(); if (area) area.removeItem(name); };
    const remember = (name, value) => {
      writeCookie(name, value);
      if (readCookie(name) !== value) set(name, value); else remove(name);
    };
    const recall = (name) => { const area = disk(); return readCookie(name) || memory[name] || (area && area.getItem(name)) || ''; };

    const refused = option('dnt') !== 'off' && (nav.doNotTrack === '1' || nav.globalPrivacyControl === true);
    let off = refused || !!recall(OFF);
    let consented = option('consent') !== 'required' || !!recall(ID);
    let pending = []; // until consent
    let user = null; // identifiers of the customer, for this page only, where there is no cookie
    let page = null;

    const visitor = () => {
      const id = recall(ID) || random();
      remember(ID, id);
      return id;
    };
    // The collector replaces $daily by a hash that changes each day. People behind one address may share it, so it is
    // never sent beside a customer's identifiers.
    const identity = (touch) => {
      const { customer_id, email, phone, ids } = touch;
      if (!cookieless) return { anonymous_id: visitor() };
      return customer_id || email || phone || ids ? {} : user || { anonymous_id: '$daily' };
    };

    // The queue: an item of storage for each touch, so that tabs do not overwrite each other's.
    const QUEUE = 'touchline:' + key.slice(-8) + ':', LEASE = 'touchline_lease:' + key.slice(-8);
    const items = () => {
      const oldest = Date.now() - WEEK_MS;
      const found = Object.keys(Object.assign({}, stored(), memory)).filter((name) => name.startsWith(QUEUE)).sort();
      return found.filter((name) => {
        if (parseInt(name.slice(QUEUE.length), 10) > oldest) return true;
        remove(name);
        return false;
      });
    };
    let made = 0;
    const put = (touch) => {
      const ping = touch.type === 'ping';
      Object.assign(touch, ping ? page.identity : identity(touch));
      if (touch.type === 'page') page.identity = { ...identity({}) };
      const waiting = items();
      if (waiting.length >= MOST_ITEMS) remove(waiting[0]);
      // In their order; a later report of the same page view replaces the one that waits.
      const replaces = ping || touch.revision >= 0;
      const name = replaces ? page.at + '-' + page.id + touch.type : Date.now() + '-' + (1e6 + made++) + tab;
      set(QUEUE + name, JSON.stringify(touch));
      flushIn(100);
    };
    const add = (type, fields) => {
      if (off) return;
      const touch = {
        event_id: random(), type, occurred_at: Date.now(), library: 'touchline.js', library_version: VERSION,
        page_id: (page && page.id) || undefined, url: place.href, ...fields,
      };
      if (consented) put(touch);
      else if (type !== 'ping' && pending.push(touch) > MOST_ITEMS) pending.shift();
    };

    let timer, waitUntil = 0, failures = 0, flying = [], left = false;
    const flushIn = (ms) => { clearTimeout(timer); timer = setTimeout(flush, ms); };
    const nextBatch = () => {
      const batch = {}, sent = ',"sent_at":' + Date.now() + '}';
      let chars = 0;
      for (const name of items()) {
        const value = get(name);
        chars += value.length + sent.length;
        const count = Object.keys(batch).length;
        if (count === BATCH_ITEMS || (count && chars > BATCH_CHARS)) break;
        if (value && !flying.includes(name)) batch[name] = value;
      }
      const names = Object.keys(batch);
      return { batch, names, body: '[' + names.map((name) => batch[name].slice(0, -1) + sent).join() + ']' };
    };
    // One tab sends at a time. Where two do nevertheless, the event ids are the same and each touch counts once.
    const leased = (now) => {
      const [until, holder] = get(LEASE).split(':');
      return holder && holder !== tab && until > now && until < now + 2 * LEASE_MS ? until - now : 0;
    };
    const release = () => { if (get(LEASE).endsWith(tab)) remove(LEASE); };
    const flush = safe(() => {
      const now = Date.now(), wait = Math.max(waitUntil - now, leased(now));
      if (flying.length || left) return;
      if (wait > 0) { flushIn(wait); return; }
      const { batch, names, body } = nextBatch();
      if (!names.length) return;
      flying = names;
      set(LEASE, now + LEASE_MS + ':' + tab);
      const abort = new AbortController();
      const limit = setTimeout(() => abort.abort(), LEASE_MS - 5000);
      fetch(address, {
        method: 'POST', body, headers: { 'Content-Type': 'text/plain' },
        credentials: 'omit', keepalive: true, signal: abort.signal,
      }).then((answer) => answer, () => null).then(safe((answer) => {
        clearTimeout(limit);
        flying = [];
        release();
        const status = answer ? answer.status : 0;
        if (!status || status === 408 || status === 429 || status >= 500) {
          const after = answer && parseInt(answer.headers.get('Retry-After'), 10);
          const backoff = Math.min(300000, 1000 * 2 ** failures++) * (0.5 + Math.random() / 2);
          waitUntil = Date.now() + (after > 0 ? after * 1000 : backoff);
        } else { // stored, or refused for good
          failures = 0;
          names.forEach((name) => { if (get(name) === batch[name]) remove(name); });
        }
        if (items().length) flushIn(0);
      }));
    });

    // Time in front: visible, focused, and not idle.
    let since = 0, idleAt = 0, counting = false;
    const measure = () => {
      const now = performance.now();
      if (counting && page) page.engaged += Math.max(0, Math.min(now, idleAt) - since);
      since = now;
      counting = d.visibilityState === 'visible' && d.hasFocus() && now < idleAt;
    };
    const act = () => {
      const now = performance.now();
      if (counting && idleAt - now > IDLE_MS - 1000) return;
      measure();
      idleAt = now + IDLE_MS;
      measure();
    };
    const ping = (least) => {
      measure();
      if (!page || !page.id || page.engaged - page.pinged < least) return;
      page.pinged = page.engaged;
      const engaged_ms = Math.round(page.engaged);
      add('ping', { event_id: undefined, url: undefined, page_id: page.id, engaged_ms });
    };
    const report = () => {
      ping(500);
      if (!page || !page.id || page.depth <= page.reported) return;
      page.reported = page.depth;
      add('custom', {
        event_id: page.id + '-scroll', revision: page.revision++, name: 'Scrolled', url: page.url,
        properties: { percent: page.depth },
      });
    };
    const scroll = () => {
      const root = d.documentElement, room = root.scrollHeight - w.innerHeight;
      if (page && room > 0) page.depth = Math.max(page.depth, Math.min(100, Math.round((100 * w.scrollY) / room)));
    };

    const bare = () => (withHash ? place.href : place.href.replace(/#.*/, ''));
    const view = () => {
      if (page) report();
      const referrer = page ? page.url : d.referrer;
      page = {
        id: random(), at: Date.now(), bare: bare(), url: place.href,
        engaged: 0, pinged: 0, depth: 0, reported: 0, revision: 0, identity: {},
      };
      counting = false;
      act();
      const fields = { referrer, title: d.title };
      add('page', { ...fields, screen: screen.width + 'x' + screen.height });
      const query = new URLSearchParams(place.search);
      const name = searchNames.find((one) => query.get(one));
      if (name) add('search', { ...fields, properties: { query: query.get(name) } });
    };
    const viewIfChanged = () => { if (page && page.bare !== bare()) view(); };

    // Nothing is sent after it: a page that is gone learns no answer, and the next one would wait for its lease.
    const leave = () => {
      left = true;
      viewIfChanged();
      report();
      const { names, body } = nextBatch();
      // What is stored is sent again by the next page, since a page cannot learn whether a beacon arrived.
      if (names.length && nav.sendBeacon(address, body)) names.forEach((name) => { delete memory[name]; });
      release();
    };

    const click = (event) => {
      if (event.type === 'auxclick' && event.button !== 1) return;
      const target = event.composedPath()[0];
      const element = target.closest ? target : target.parentElement;
      const named = element.closest('[data-touch]:not(form)'), link = element.closest('a[href]');
      const url = link && /^https?:/.test(link.href) ? new URL(link.href) : null;
      const name = (named && (named.getAttribute('data-touch') || named.id)) || undefined;
      if (url && (link.hasAttribute('download') || FILES.test(url.pathname))) {
        add('download', { url: url.href, referrer: place.href, name });
      } else if (named || (url && url.host !== place.host)) {
        add('click', { name, properties: url ? { href: url.href } : undefined });
      }
    };
    const submit = (event) => {
      const form = event.target, identifiers = {}, properties = {}, traits = {};
      Array.from(form.elements).forEach((field) => {
        const name = field.getAttribute('data-touch-field');
        const unchecked = /^(checkbox|radio)$/.test(field.type) && !field.checked;
        if (!name || !field.value || field.type === 'password' || unchecked) return;
        if (/^(customer_id|email|phone)$/.test(name)) identifiers[name] = field.value;
        else if (name.startsWith('traits.')) traits[name.slice(7)] = field.value;
        else properties[name] = field.value;
      });
      if (Object.keys(traits).length) properties.traits = traits;
      const name = form.getAttribute('data-touch') || form.id || form.getAttribute('name') || undefined;
      add('form', { name, ...identifiers, properties });
      if (Object.keys(identifiers).length) user = identifiers;
    };

    const forget = () => {
      items().forEach(remove);
      remember(ID, '');
      user = null;
    };
    const api = {
      version: VERSION,
      page: view,
      track: (name, properties) => add('custom', { name: String(name), properties }),
      identify: (who, traits) => {
        const { customer_id, email, phone, ids } = typeof who === 'object' && who ? who : { customer_id: who };
        const identifiers = JSON.parse(JSON.stringify({ customer_id, email, phone, ids }));
        add('identify', { ...identifiers, properties: traits ? { traits } : undefined });
        user = identifiers;
      },
      reset: () => {
        report();
        if (page) page.id = ''; // its time belongs to the former visitor
        remember(ID, '');
        user = null;
      },
      optOut: (yes = true) => {
        if (yes) forget();
        pending = [];
        remember(OFF, yes ? '1' : '');
        off = yes || refused;
        if (!off) view();
      },
      consent: (yes = true, purpose = 'tracking') => {
        const decision = () => add(yes ? 'given' : 'withdrawn', { channel: 'consents', purpose, url: undefined, page_id: undefined });
        if (purpose !== 'tracking') { decision(); return; }
        if (!yes) pending = [];
        if (yes === consented || off) return;
        if (yes) {
          consented = true;
          pending.splice(0).forEach(put);
          if (!cookieless) decision();
        } else {
          if (!cookieless) decision();
          const left = {};
          items().forEach((name) => { left[name] = get(name); });
          forget();
          consented = false;
          Object.assign(memory, left); // to be sent, and no longer stored
          flushIn(0);
        }
      },
      id: () => (off || !consented || cookieless ? null : visitor()),
      push: (call) => { if (typeof api[call[0]] === 'function') api[call[0]](...call.slice(1)); },
    };
    Object.keys(api).forEach((name) => { if (name !== 'version') api[name] = safe(api[name]); });

    const start = () => {
      ['pushState', 'replaceState'].forEach((name) => {
        const original = history[name];
        history[name] = function change(...args) {
          const result = original.apply(this, args);
          setTimeout(safe(viewIfChanged), 50); // after the page has set its title
          return result;
        };
      });
      on(w, 'popstate hashchange', () => setTimeout(safe(viewIfChanged), 50));
      on(w, 'pagehide', leave);
      on(w, 'pageshow', (event) => { if (event.persisted) { left = false; view(); } });
      on(w, 'online', () => { waitUntil = failures = 0; flush(); });
      on(w, 'focus blur', measure);
      on(d, 'visibilitychange', () => { if (d.visibilityState === 'hidden') { report(); flush(); } else act(); });
      on(d, 'pointerdown pointermove keydown wheel touchstart', act, { capture: true, passive: true });
      on(w, 'scroll', () => { act(); scroll(); }, { passive: true });
      on(d, 'click auxclick', click, true);
      on(d, 'submit', submit, true);
      setInterval(safe(() => ping(Math.max(BEAT_MS, page ? page.pinged / 4 : 0))), Math.min(BEAT_MS, 5000));
      view();
      w.touchline = api;
      if (Array.isArray(early)) early.forEach(api.push);
      flushIn(0);
    };
    if (d.prerendering) on(d, 'prerenderingchange', start, { once: true });
    else start();
  })();
})();
