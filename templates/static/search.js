// The search of a static site. It reads small scripts (search_index.py says which) and shows what matches,
// newest first. No text ever becomes markup: everything is set as text.
"use strict";
(() => {
  const form = document.querySelector("form"), list = document.querySelector("#found"), said = document.querySelector("#said");
  const more = document.querySelector("#more"), KINDS = ["Verbatim", "Partial", "Paraphrase"], CLASSES = ["direct", "mixed", "indirect"];
  const PAGE = 20, WIDER = 4, ABREAST = 6, DOT = "\u00a0· ", CJK = /[\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff]/;
  const loaded = new Map(), lexicons = new Map(), docs = new Map();
  let blocks = [], shards = [], run = 0;

  const normal = text => text.normalize("NFKD").replace(/[\u0300-\u036f]+/g, "").normalize("NFC").toLowerCase();
  const plain = text => " " + normal(text).replace(/[\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff]+/g, " $& ").replace(/[^\p{L}\p{N}]+/gu, " ").trim() + " ";
  const load = name => {
    if (!loaded.has(name)) loaded.set(name, new Promise((done, failed) => {
      const script = document.createElement("script");
      script.src = name; script.onload = done;
      script.onerror = () => { loaded.delete(name); failed(new Error(name)); }; // asked again next time
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

  const has = (block, shard) => {
    const number = shards.indexOf(shard), digit = block.shards.length - 1 - (number >> 2);
    return number >= 0 && digit >= 0 && (parseInt(block.shards[digit], 16) >> (number & 3) & 1) === 1;
  };
  // which segments of a block hold a word, as bits
  const holding = async (block, word, prefix) => {
    if (prefix && word.length < 2) return -1;
    const name = block.name + "/" + shard(word);
    if (!has(block, shard(word))) return 0;
    await load("lex/" + name + ".js");
    const lexicon = lexicons.get(name), keys = prefix ? Object.keys(lexicon).filter(key => key.startsWith(word)) : word in lexicon ? [word] : [];
    return keys.reduce((all, key) => all | parseInt(lexicon[key], 16), 0);
  };
  const narrow = async (block, words) => {
    const bits = (await Promise.all(words.map(([word, prefix]) => holding(block, word, prefix)))).reduce((all, each) => all & each, -1);
    return block.segments.filter((_, number) => bits >>> number & 1).reverse();
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
    who.append(key ? link("people/" + encodeURIComponent(key) + "/index.html", name) : element("span", name || "Speaker unknown", "unclear"));
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
    const within = name => (!want.since || name.slice(0, 7) >= want.since) && (!want.until || name.slice(0, 7) <= want.until);
    const unread = blocks.filter(block => block.segments.some(within));
    let shown = 0, read = 0, rest = [], queue = [], wide = 1;
    const fill = async () => {
      const goal = shown + PAGE;
      for (;;) {
        while (rest.length && shown < goal) { const [row, segment] = rest.shift(); show(row, segment, needles); shown++; }
        if (rest.length || !queue.length && !unread.length) break;
        if (!queue.length) { // a common word is found in the newest block; for a rare one more and more are asked at once
          const found = await Promise.all(unread.splice(0, wide).map(block => narrow(block, words)));
          queue = found.flat().filter(within); wide *= WIDER;
        } else {
          const name = queue.shift();
          for (const next of queue.slice(0, Math.min(read++, ABREAST))) load(next + ".js").catch(() => {}); // told when its turn comes
          await load(name + ".js");
          const segment = docs.get(name);
          rest = segment.d.filter((row, n) => passes(row, segment, want) && needles.every(needle => segment.flat(n).includes(needle))).map(row => [row, segment]);
        }
        if (mine !== run) return;
      }
      const open = rest.length > 0;
      more.hidden = !open;
      said.textContent = shown ? (open ? "The newest " + shown + " statements" : shown + (shown === 1 ? " statement" : " statements")) : "Nothing was found.";
      document.body.dataset.took = Math.round(performance.now() - began);
    };
    let filled = fill();
    more.onclick = () => { filled = filled.then(fill).catch(sorry); };
    await filled;
  };
  const sorry = error => { said.textContent = "A part of the index could not be read: " + error.message; };

  self.openrace = {
    begin(names, site) {
      shards = names;
      blocks = site.blocks.map(([name, shards, segments]) => ({ name, shards, segments: segments.split(" ") })).reverse();
      const months = [...new Set(site.blocks.flatMap(([, , segments]) => segments.split(" ").map(name => name.slice(0, 7))))].filter(month => month > "0000-00");
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
