// The search of a static site. It reads small scripts (search_index.py says which): the lexicons of the words
// asked for, then the statements that are shown. No text ever becomes markup: everything is set as text.
"use strict";
(() => {
  const $ = id => document.getElementById(id), form = document.querySelector("form.ask"), list = $("found"), said = $("said"), hint = $("hint"), more = $("more");
  const PAGE = 20, ABREAST = 8, COUNTED = 6; // statements shown at once; scripts asked for at once; blocks read for a total
  const SITE = document.documentElement.lang || "en", MESSAGES = JSON.parse($("messages")?.textContent ?? "{}");
  const put = (text, values) => text.replace(/%\((\w+)\)s/g, (whole, name) => values[name] ?? whole);
  const gettext = (text, values = {}) => put(MESSAGES[text] ?? text, values);
  const ngettext = (one, many, number) => put(MESSAGES[one] ?? (number === 1 ? one : many), { n: number.toLocaleString(SITE) });
  const KINDS = [gettext("Verbatim"), gettext("Partial"), gettext("Paraphrase")], MARKS = ["v", "h", "p"], CJK = /[\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff]/;
  const KIND_NAMES = { verbatim: "direct", partial: "mixed", paraphrase: "indirect" }, LANGUAGES = { english: "en", chinese: "zh" };
  const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_", DIGITS = new Map([...ALPHABET].map((sign, n) => [sign, n]));
  const FIELDS = ["speaker", "outlet", "kind", "lang", "country", "side", "is", "since", "before"];
  const loaded = new Map(), lexicons = new Map(), documents = new Map(), details = new Map();
  let blocks = [], shards = [], folds = new Map(), run = 0;

  const fold = text => folds.size ? text.replace(/[\u3400-\u9fff]/g, sign => folds.get(sign) ?? sign) : text;
  const normal = text => fold(text.normalize("NFKD").replace(/[\u0300-\u036f]+/g, "").normalize("NFC")).toLowerCase();
  const runs = text => normal(text).match(/(?:(?=[\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff])[\p{L}\p{N}])+|(?:(?![\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff])[\p{L}\p{N}])+/gu) ?? [];
  const pairs = run => CJK.test(run) ? [...run].length < 2 ? [run] : [...run].slice(1).map((sign, n) => [...run][n] + sign) : [run];
  const flat = text => " " + runs(text).join(" ") + " ";
  const load = name => {
    if (!loaded.has(name)) loaded.set(name, new Promise((done, failed) => {
      const script = document.createElement("script");
      script.src = name; script.onload = done;
      script.onerror = () => { loaded.delete(name); failed(new Error(name)); }; // asked again next time
      document.head.append(script);
    }));
    return loaded.get(name);
  };
  const hash = head => head.charCodeAt(0) * 31 + (head.charCodeAt(1) || 0);
  const shard = term => {
    const colon = term.indexOf(":");
    if (colon > 0) return term.startsWith("speaker:") || term.startsWith("outlet:") ? "_" + term[0] + (hash(term.slice(colon + 1)) % 16).toString(16) : "_";
    const head = term.length > 1 ? term.slice(0, 2) : term + "_";
    return /^[a-z0-9][a-z0-9_]$/.test(head) ? head : "x" + (hash(head) % 256).toString(16).padStart(2, "0");
  };

  // -- what is asked for: clauses that must all hold, of alternatives; some of them negated ----------------
  const day = (text, now = new Date()) => {
    const ago = /^(\d+)([dwmy])$/.exec(text), back = { today: 0, yesterday: 1 }[text];
    if (back !== undefined) return new Date(now - back * 864e5).toISOString().slice(0, 10);
    if (ago) return new Date(now - ago[1] * { d: 1, w: 7, m: 30, y: 365 }[ago[2]] * 864e5).toISOString().slice(0, 10);
    if (/^\d{4}(-\d\d(-\d\d)?)?$/.test(text)) return text;
    throw new RangeError(gettext("“%(text)s” is not a date: write 2025-02-13, 2025-02, 7d or yesterday", { text }));
  };
  const chosen = (id, value) => [...$(id).options].find(option => option.value && (option.value === value || normal(option.text).includes(value)))?.value ?? value;
  const filter = (field, value) => {
    const text = normal(value);
    if (field === "kind") return { words: ["kind:" + chosen("kind", KIND_NAMES[text] ?? text)] };
    if (field === "lang") return { words: ["lang:" + chosen("lang", LANGUAGES[text] ?? text.slice(0, 2))] };
    if (field === "country" || field === "side") return { words: [field + ":" + chosen(field, text)] };
    if (field === "is") return { words: ["is:" + text] };
    return { words: runs(value).flatMap(pairs).map(word => field + ":" + word) };
  };
  const words = (text, quoted) => {
    const found = runs(text), prefix = !quoted && text.endsWith("*") && found.length === 1;
    return { words: found.flatMap(pairs), prefix, needle: quoted && (found.length > 1 || CJK.test(text)) || found.length > 1 ? " " + found.join(" ") + " " : "", shown: found };
  };
  const parse = query => {
    const clauses = [], dates = { since: "", before: "" };
    let join = false;
    for (const [whole, minus, field, , phrase, word] of query.matchAll(/(-)?(?:(\w+):(?=\S))?(["“”]([^"“”]*)["“”]?|[^\s"“”]+)/gu)) {
      const value = phrase ?? (field ? whole.slice(whole.indexOf(":") + 1) : whole.slice(minus ? 1 : 0)), known = field && FIELDS.includes(field.toLowerCase());
      if (value === "OR" && !field && !minus && clauses.length) { join = true; continue; }
      if (known && (field === "since" || field === "before")) { dates[field] = day(value); continue; }
      const term = known ? filter(field.toLowerCase(), value) : words(field ? field + " " + value : value, phrase !== undefined);
      if (!term.words.length) continue;
      if (join && !minus) clauses.at(-1).any.push(term); else clauses.push({ any: [term], not: Boolean(minus) });
      join = false;
    }
    return { clauses, ...dates };
  };

  // -- which statements of a block hold it, as bits ---------------------------------------------------------
  const has = (block, shard) => {
    const number = shards.indexOf(shard), digit = block.shards.length - 1 - (number >> 2);
    return number >= 0 && digit >= 0 && (parseInt(block.shards[digit], 16) >> (number & 3) & 1) === 1;
  };
  const lexicon = async (block, term) => {
    const name = block.name + "/" + shard(term);
    if (!has(block, shard(term))) return {};
    await load("lex/" + name + ".js");
    return lexicons.get(name);
  };
  const spread = (bits, held) => {
    for (const part of held.split(".")) {
      const at = 2 * (DIGITS.get(part[0]) * 64 + DIGITS.get(part[1])), places = part.slice(2);
      if (places[0] === "~") for (let n = 1; n < 12; n++) for (let bit = 0, six = DIGITS.get(places[n]); bit < 6; bit++) { const place = 6 * (n - 1) + bit; if (six >> bit & 1 && place < 64) bits[at + (place >> 5)] |= 1 << (place & 31); }
      else for (const sign of places) { const place = DIGITS.get(sign); bits[at + (place >> 5)] |= 1 << (place & 31); }
    }
    return bits;
  };
  const empty = block => new Uint32Array(2 * block.segments.length);
  const holding = async (block, term) => {
    const all = await Promise.all(term.words.map(async word => {
      const entries = await lexicon(block, word), bits = empty(block);
      for (const key of term.prefix ? Object.keys(entries).filter(key => key.startsWith(word)) : word in entries ? [word] : []) spread(bits, entries[key]);
      return bits;
    }));
    return all.reduce((bits, each) => bits.map((value, n) => value & each[n]));
  };
  const dated = async (block, asked) => {
    await load("block/" + block.name + ".js");
    const bits = empty(block);
    details.get(block.name).forEach(([, days], segment) => {
      let place = 0;
      for (const [day, number] of days) for (let n = 0; n < number; n++, place++)
        if (day && (!asked.since || day >= asked.since) && (!asked.before || day < asked.before)) bits[2 * segment + (place >> 5)] |= 1 << (place & 31);
    });
    return bits;
  };
  const matching = async (block, asked) => {
    const masks = await Promise.all(asked.clauses.map(async ({ any, not }) => {
      const found = await Promise.all(any.map(term => holding(block, term))), bits = found.reduce((all, each) => all.map((value, n) => value | each[n]));
      return not ? bits.map(value => ~value) : bits;
    }));
    if (asked.since || asked.before) masks.push(await dated(block, asked));
    else if (asked.clauses.every(({ not }) => not)) return empty(block);
    const bits = masks.reduce((all, each) => all.map((value, n) => value & each[n])), hits = [];
    for (let segment = block.segments.length - 1; segment >= 0; segment--)
      for (let place = 63; place >= 0; place--)
        if (bits[2 * segment + (place >> 5)] >>> (place & 31) & 1) hits.push({ block, segment, place });
    return hits;
  };

  // -- what is shown ----------------------------------------------------------------------------------------
  const element = (tag, text, name) => {
    const made = document.createElement(tag);
    if (text) made.textContent = text;
    if (name) made.className = name;
    return made;
  };
  const to = (address, text) => {
    const made = element("a", text), [folder, anchor] = address.split("#");
    made.href = "../" + encodeURI(folder) + "index.html" + (anchor ? "#" + anchor : "");
    return made;
  };
  const link = (address, text) => {
    const made = to(address, text);
    made.dir = "auto";
    return spoken(made, text);
  };
  // A text of an article, or a name in it: in the language that its letters tell, where that is not the site's.
  const spoken = (made, text, language) => {
    const own = language || (CJK.test(text) ? "zh" : SITE === "en" ? "" : "en");
    if (own) made.lang = own;
    return made;
  };
  // A message around nodes, each in the place of its name.
  const around = (message, nodes) => message.split(/%\((\w+)\)s/).map((part, n) => n % 2 ? nodes[part] : part);
  const MONTH = new Intl.DateTimeFormat(SITE, { month: "short", timeZone: "UTC" });
  const time = when => {
    if (!when) return gettext("no date");
    const day = gettext("%(day)s %(month)s %(year)s", { day: Number(when.slice(8, 10)), month: MONTH.format(new Date(when.slice(0, 10))), year: when.slice(0, 4) });
    const made = element("time", when.length > 10 ? gettext("%(day)s, %(time)s UTC", { day, time: when.slice(11, 16) }) : day);
    made.dateTime = when;
    return made;
  };
  const mark = (parent, text, asked) => {
    const shown = asked.clauses.filter(({ not }) => !not).flatMap(({ any }) => any).filter(term => term.shown);
    for (const piece of text.split(/([\p{L}\p{N}]+)/u)) {
      const plain = normal(piece);
      const hit = plain && shown.some(term => term.shown.some(word => CJK.test(word) ? plain.includes(word) : term.prefix ? plain.startsWith(word) : plain === word));
      parent.append(hit ? element("mark", piece) : piece);
    }
  };
  const show = ([address, verb, parts, language, speaker, kind, turned, when, first, outlets, differs], segment, asked) => {
    const article = element("article", "", "st"), who = element("h3"), meta = element("p", "", "meta"), [name, key] = segment.s[speaker], p = element("p");
    who.append(key ? element("span", name) : element("span", name, "unclear"));
    if (key || CJK.test(name)) spoken(who, name);
    const words = element(kind === 0 && !turned ? "blockquote" : "div", "", "w");
    spoken(words, parts.map(([text]) => text).join(""), language);
    for (const [text, quoted] of parts) { const part = quoted ? p : element("span", "", "sans"); mark(part, text, asked); if (part !== p) p.append(part); }
    words.append(p);
    const outlet = first >= 0 && link("outlets/" + segment.o[first][0] + "/", segment.o[first][1]), nodes = { outlet, time: time(when) };
    meta.append(element("span", KINDS[kind], "mk " + MARKS[kind]), " · ", ...around(outlet ? gettext("first %(outlet)s %(time)s") : gettext("first %(time)s"), nodes));
    meta.append(" · ", to(address, outlets > 1 ? ngettext("%(n)s outlet", "%(n)s outlets", outlets) : gettext("in its article")));
    if (differs) meta.append(" · ", element("span", gettext("wording differs"), "al"));
    article.append(who, " ");
    if (verb) { const lead = element("span", verb.trim(), turned ? "neg" : "verb"); spoken(lead, verb); article.append(lead, " "); }
    article.append(words, meta); list.append(article);
  };
  const segmentOf = async hit => {
    const name = hit.block.segments[hit.segment];
    await load(name + ".js");
    return documents.get(name);
  };
  const holds = (row, segment, asked) => {
    const text = flat(segment.s[row[4]][0] + " " + row[1] + " " + row[2].map(([text]) => text).join(" "));
    const has = term => !term.needle || (CJK.test(term.needle) ? text.replaceAll(" ", "").includes(term.needle.replaceAll(" ", "")) : text.includes(term.needle));
    return asked.clauses.every(({ any, not }) => not ? !any.some(term => term.needle && has(term)) : any.some(has));
  };

  // -- a word that is nowhere: the nearest that is there ----------------------------------------------------
  const distance = (a, b) => {
    let row = [...b].map((_, n) => n + 1);
    [...a].forEach((x, i) => { let left = i + 1, corner = i; row = row.map((up, j) => { const best = Math.min(up + 1, left + 1, corner + (x === b[j] ? 0 : 1)); corner = up; left = best; return best; }); });
    return row.at(-1) ?? a.length;
  };
  const suggest = async asked => {
    const better = [];
    for (const { any, not } of asked.clauses) for (const term of not ? [] : any) for (const word of term.words) {
      const plain = word.slice(word.indexOf(":") + 1);
      if (plain.length < 4 || CJK.test(plain)) continue;
      const seen = new Map();
      for (const block of blocks.slice(0, COUNTED)) for (const [key, held] of Object.entries(await lexicon(block, plain))) seen.set(key, (seen.get(key) ?? 0) + held.length);
      if (seen.has(plain)) continue;
      const near = [...seen].map(([key, held]) => [distance(plain, key), -held, key]).filter(([far]) => far <= (plain.length > 6 ? 2 : 1)).sort((x, y) => x[0] - y[0] || x[1] - y[1])[0];
      if (near) better.push([plain, near[2]]);
    }
    return better;
  };

  const value = name => form.elements[name].value.trim();
  const query = () => {
    const quoted = text => /\s/.test(text) ? '"' + text + '"' : text;
    return [value("q"), ...["speaker", "outlet", "kind", "lang", "side", "country", "since", "before"].filter(value).map(name => name + ":" + quoted(value(name)))].filter(Boolean).join(" ");
  };
  const search = async () => {
    const mine = ++run, text = query(), began = performance.now();
    list.replaceChildren(); more.hidden = true; hint.replaceChildren();
    if (!text) { said.textContent = ""; return; }
    said.textContent = gettext("Searching …");
    if (CJK.test(text)) await load("fold.js");
    const asked = parse(text), verify = asked.clauses.some(({ any }) => any.some(term => term.needle)), carried = value("sort") === "relevance";
    if (!asked.clauses.length && !asked.since && !asked.before) { said.textContent = gettext("There is no word to search for."); return; }
    if (carried) await Promise.all(blocks.map(block => load("block/" + block.name + ".js")));
    const unread = blocks.filter(({ segments }) => !asked.since && !asked.before || segments.at(-1) > "0000-01" && (!asked.since || segments.at(-1).slice(0, 7) + "~" >= asked.since) && (!asked.before || segments[0].slice(0, 10) < asked.before));
    let queue = [], shown = 0, total = 0, rejected = 0;
    const read = async () => {
      const found = (await Promise.all(unread.splice(0, carried ? blocks.length : COUNTED).map(block => matching(block, asked)))).flat();
      total += found.length; queue = queue.concat(found);
      if (carried) {
        const of = hit => DIGITS.get(details.get(hit.block.name)[hit.segment][0][hit.place]);
        queue.sort((x, y) => of(y) - of(x));
      }
    };
    const fill = async () => {
      const goal = shown + PAGE;
      while (shown < goal && (queue.length || unread.length)) {
        if (!queue.length) { await read(); if (mine !== run) return; continue; }
        const next = queue.splice(0, verify ? ABREAST : goal - shown), segments = await Promise.all(next.map(segmentOf));
        if (mine !== run) return;
        next.forEach((hit, n) => {
          const row = segments[n].d[hit.place];
          if (!holds(row, segments[n], asked)) { rejected++; return; }
          if (shown >= goal) { queue.splice(n, 0, hit); return; }
          show(row, segments[n], asked); shown++;
        });
      }
      const open = queue.length > 0 || unread.length > 0, number = total - rejected;
      more.hidden = !open;
      let found = ngettext("%(n)s statement", "%(n)s statements", number);
      if (unread.length) found = gettext("More than %(found)s", { found });
      else if (verify && open) found = gettext("At most %(found)s", { found });
      if (shown < number) found = carried ? gettext("%(found)s; the most carried %(shown)s", { found, shown }) : gettext("%(found)s; the newest %(shown)s", { found, shown });
      said.textContent = shown ? found : gettext("Nothing was found.");
      if (!shown) {
        const better = await suggest(asked);
        for (const [wrong, right] of better) {
          const again = element("a", value("q").replace(new RegExp(wrong, "i"), right) || right);
          again.href = "?q=" + encodeURIComponent(text.replace(new RegExp(wrong, "i"), right));
          hint.append(hint.childNodes.length ? gettext(", ") : gettext("Did you mean: "), again);
        }
      }
      document.body.dataset.took = Math.round(performance.now() - began);
    };
    let filled = fill();
    more.onclick = () => { filled = filled.then(fill).catch(sorry); };
    await filled;
  };
  const sorry = error => { said.textContent = error instanceof RangeError ? error.message : gettext("A part of the index could not be read: %(part)s", { part: error.message }); };

  self.openrace = {
    start(names, all) {
      shards = names;
      blocks = all.map(([name, shards, segments]) => ({ name, shards, segments: segments.split(" ") })).reverse();
    },
    fold(name, both) { const signs = [...both]; for (let n = 0; n + 1 < signs.length; n += 2) folds.set(signs[n], signs[n + 1]); },
    lexicon(name, words) { lexicons.set(name, Object.assign(Object.create(null), words)); },
    block(name, segments) { details.set(name, segments); },
    segment(name, segment) { documents.set(name, segment); },
  };

  load("segments.js").then(() => {
    const given = new URLSearchParams(location.search);
    for (const [name, value] of given) if (form.elements[name]) form.elements[name].value = value;
    form.hidden = false;
    let timer;
    const go = () => {
      clearTimeout(timer);
      const asked = new URLSearchParams(["q", "speaker", "outlet", "kind", "lang", "side", "country", "since", "before", "sort"].map(name => [name, value(name)]).filter(([, value]) => value));
      try { history.replaceState(null, "", "?" + asked); } catch { /* a page from a folder has no history to write */ }
      search().catch(sorry);
    };
    form.addEventListener("submit", event => { event.preventDefault(); go(); });
    form.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(go, 200); });
    if (given.size) search().catch(sorry);
  }).catch(sorry);
})();
