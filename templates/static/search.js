// The search of a static site. It reads small scripts (search_index.py says which) and shows what matches,
// newest first. No text ever becomes markup: everything is set as text.
"use strict";
(() => {
  const form = document.querySelector("form"), list = document.querySelector("#found"), said = document.querySelector("#said");
  const more = document.querySelector("#more"), KINDS = ["Verbatim", "Partial", "Paraphrase"], CLASSES = ["direct", "mixed", "indirect"];
  const PAGE = 20, DOT = "\u00a0· ", CJK = /[\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff]/;
  const loaded = new Map(), lexicons = new Map(), docs = new Map();
  let segments = [], shards = new Set(), run = 0;

  const normal = text => text.normalize("NFKD").replace(/[\u0300-\u036f]+/g, "").normalize("NFC").toLowerCase();
  const plain = text => " " + normal(text).replace(/[\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff]+/g, " $& ").replace(/[^\p{L}\p{N}]+/gu, " ").trim() + " ";
  const load = name => {
    if (!loaded.has(name)) loaded.set(name, new Promise((done, failed) => {
      const script = document.createElement("script");
      script.src = name; script.onload = done; script.onerror = () => failed(new Error(name));
      document.head.append(script);
    }));
    return loaded.get(name);
  };
  const shard = term => {
    const head = term.length > 1 ? term.slice(0, 2) : term + "_";
    if (/^[a-z0-9][a-z0-9_]$/.test(head)) return head;
    return "x" + ((head.charCodeAt(0) * 31 + head.charCodeAt(1)) % 256).toString(16).padStart(2, "0");
  };

  // "two words" in marks are a phrase; the last word may be the beginning of one
  const parse = query => {
    const needles = [], words = [];
    for (const [, phrase, word] of query.matchAll(/["“”]([^"“”]+)["“”]?|(\S+)/gu)) {
      const text = plain(phrase || word).trim();
      if (!text) continue;
      const last = !phrase && query.trimEnd().endsWith(word) && !/\s$/.test(query);
      for (const run of phrase ? [text] : text.split(" ")) {
        needles.push(CJK.test(run) ? run : last ? " " + run : " " + run + " ");
        for (const piece of run.split(" ")) {
          if (!CJK.test(piece)) words.push([piece, last]);
          else for (let n = 0; n + 1 < piece.length; n++) words.push([piece.slice(n, n + 2), false]);
        }
      }
    }
    return { needles, words };
  };

  const holds = (bits, number) => {
    const digit = bits.length - 1 - (number >> 2);
    return digit >= 0 && (parseInt(bits[digit], 16) >> (number & 3) & 1) === 1;
  };
  const narrow = async words => {
    let numbers = segments.map((_, number) => number);
    for (const [word, prefix] of words) {
      if (prefix && word.length < 2) continue;
      const name = shard(word);
      if (!shards.has(name)) return [];
      await load("lex/" + name + ".js");
      const lexicon = lexicons.get(name);
      const bits = prefix ? Object.keys(lexicon).filter(key => key.startsWith(word)).map(key => lexicon[key]) : lexicon[word] ? [lexicon[word]] : [];
      numbers = numbers.filter(number => bits.some(each => holds(each, number)));
    }
    return numbers.reverse();
  };

  const wanted = () => {
    const value = name => form.elements[name].value.trim();
    return { q: form.elements.q.value, speaker: value("speaker"), outlet: value("outlet"), kind: value("kind"), since: value("since"), until: value("until"), country: value("country") };
  };
  const passes = (row, segment, want) => {
    if (want.kind !== "" && row[3] !== +want.kind) return false;
    if (want.speaker && !segment.names[row[2]].includes(want.speaker)) return false;
    if (want.outlet && !row[5].some(n => segment.papers[n].includes(want.outlet))) return false;
    return !want.country || row[5].some(n => segment.o[n][2] === want.country);
  };

  const element = (tag, text, name) => {
    const made = document.createElement(tag);
    if (text) made.textContent = text;
    if (name) made.className = name;
    return made;
  };
  const link = (address, text) => { const made = element("a", text); made.href = "../" + address; made.dir = "auto"; return made; };
  const day = when => {
    const made = element("time", new Date(when).toLocaleDateString("en-GB", { day: "numeric", month: "long", year: "numeric", timeZone: "UTC" }));
    made.dateTime = when;
    return made;
  };
  const marked = (text, needles) => {
    const p = element("p"), starts = needles.map(needle => needle.trim()).filter(Boolean);
    p.dir = "auto";
    for (const piece of text.split(/([\p{L}\p{N}]+)/u)) {
      const flat = normal(piece);
      const hit = flat && starts.some(start => CJK.test(start) ? flat.includes(start) : start.split(" ").some(word => needles.includes(" " + word) ? flat.startsWith(word) : flat === word));
      p.append(hit ? element("mark", piece) : piece);
    }
    return p;
  };
  const show = (row, segment, needles) => {
    const item = element("li"), article = element("article", "", "said"), who = element("p", "", "who"), meta = element("p", "", "meta");
    const [name, key] = segment.s[row[2]], quote = element("blockquote"), paper = row[5].length ? segment.o[row[5][0]] : null;
    who.append(key ? link("people/" + encodeURIComponent(key) + "/index.html", name) : element("span", name || "Speaker unclear", "unclear"));
    quote.append(marked(row[1], needles));
    quote.className = row[3] === 2 ? "told" : "";
    meta.append(element("span", KINDS[row[3]], "kind " + CLASSES[row[3]]), DOT);
    if (paper) meta.append(link("outlets/" + encodeURIComponent(paper[1]) + "/index.html", paper[0]), ", ");
    meta.append(row[4] ? day(row[4]) : "date unknown", row[5].length > 1 ? ", " + row[5].length + " outlets" : "");
    meta.append(DOT, link("q/" + encodeURIComponent(row[0]) + "/index.html", "Details"));
    article.append(who, quote, meta); item.append(article); list.append(item);
  };

  const search = async () => {
    const mine = ++run, want = wanted(), { needles, words } = parse(want.q);
    list.replaceChildren(); more.hidden = true;
    want.speaker = normal(want.speaker); want.outlet = normal(want.outlet);
    if (!needles.length && !want.speaker && !want.outlet && !want.country && want.kind === "") { said.textContent = ""; return; }
    said.textContent = "Searching …";
    const began = performance.now();
    const queue = (await narrow(words)).filter(n => (!want.since || segments[n][0].slice(0, 7) >= want.since) && (!want.until || segments[n][0].slice(0, 7) <= want.until));
    let shown = 0, rest = [], at = 0;
    const fill = async () => {
      const goal = shown + PAGE;
      for (;;) {
        while (rest.length && shown < goal) { const [row, segment] = rest.shift(); show(row, segment, needles); shown++; }
        if (shown >= goal || at >= queue.length) break;
        const name = segments[queue[at++]][0];
        await load(name + ".js");
        if (mine !== run) return;
        const segment = docs.get(name);
        rest = segment.d.filter((row, n) => passes(row, segment, want) && needles.every(needle => segment.flat(n).includes(needle))).map(row => [row, segment]);
      }
      const open = rest.length || at < queue.length;
      more.hidden = !open;
      said.textContent = shown ? (open ? "The newest " + shown + " statements" : shown + (shown === 1 ? " statement" : " statements")) : "Nothing was found.";
      document.body.dataset.took = Math.round(performance.now() - began);
    };
    more.onclick = () => fill().catch(sorry);
    if (mine === run) await fill();
  };
  const sorry = error => { said.textContent = "A part of the index could not be read: " + error.message; };

  self.openrace = {
    begin(names, site) {
      segments = site.segments; shards = new Set(names);
      const months = [...new Set(segments.map(([name]) => name.slice(0, 7)))].filter(month => month > "0000-00");
      for (const name of ["since", "until"]) for (const month of months.slice().reverse()) form.elements[name].append(new Option(month, month));
      for (const [code, name] of site.countries) form.elements.country.append(new Option(name, code));
    },
    lexicon(name, words) { lexicons.set(name, Object.assign(Object.create(null), words)); },
    segment(name, segment) {
      segment.names = segment.s.map(([name]) => normal(name));
      segment.papers = segment.o.map(([name, key]) => normal(name) + " " + key);
      const flats = [];
      segment.flat = n => flats[n] ??= plain(segment.s[segment.d[n][2]][0] + " " + segment.d[n][1]);
      docs.set(name, segment);
    },
  };

  load("segments.js").then(() => {
    const given = new URLSearchParams(location.search);
    for (const [name, value] of given) if (form.elements[name]) form.elements[name].value = value;
    form.hidden = false;
    let timer;
    const go = () => {
      clearTimeout(timer);
      const asked = new URLSearchParams(Object.entries(wanted()).filter(([, value]) => value));
      try { history.replaceState(null, "", "?" + asked); } catch { /* a page from a folder has no history to write */ }
      search().catch(sorry);
    };
    form.addEventListener("submit", event => { event.preventDefault(); go(); });
    form.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(go, 120); });
    if (given.size) search().catch(sorry);
  }).catch(sorry);
})();
