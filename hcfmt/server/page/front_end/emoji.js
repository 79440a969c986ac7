"use strict";
// HipChat's standard emoticons that archives do not hold, as Unicode emoji.
hcfmt.EMOJI = new Map(Object.entries({
  allthethings: "🙌", angry: "😠", areyoukiddingme: "😑", awesome: "😎", awthanks: "🥰", badass: "😎", badpokerface: "😬",
  beer: "🍺", blush: "😊", boom: "💥", bunny: "🐰", bug: "🐛", cake: "🍰", candycorn: "🍬", cat: "🐱", challengeaccepted: "😏",
  cheer: "📣", chocobunny: "🐇", clap: "👏", coffee: "☕", content: "😌", cookie: "🍪", cool: "😎", corn: "🌽", cry: "😢",
  dance: "💃", dealwithit: "😎", derp: "😵", disappear: "🫥", doh: "🤦", dog: "🐶", drool: "🤤", embarrassed: "😳", facepalm: "🤦",
  failed: "❌", feelsbadman: "😞", feelsgoodman: "😌", fire: "🔥", fireworks: "🎆", fistbump: "👊", foreveralone: "😭",
  freddie: "🐵", fry: "🤨", fu: "🖕", goodnews: "📰", happy: "😀", heart: "❤️", hide: "🙈", highfive: "🙏", hug: "🤗",
  hungry: "🍽️", idea: "💡", ilied: "🤥", innocent: "😇", iseewhatyoudidthere: "👀", jackie: "😦", kiss: "😘", lol: "😂",
  lunch: "🥪", megusta: "😏", mindblown: "🤯", money: "💰", mwahaha: "😈", no: "🙅", notbad: "🙂", notsureif: "🤨", notit: "👃",
  ohcrap: "😱", ohgodwhy: "😩", okay: "👌", omg: "😱", partytime: "🥳", philosoraptor: "🤔", pizza: "🍕", pokerface: "😐",
  poo: "💩", popcorn: "🍿", pumpkin: "🎃", question: "❓", rage: "😡", rainbow: "🌈", rip: "🪦", rockon: "🤘", rocket: "🚀",
  rudolph: "🦌", sadpanda: "🐼", santa: "🎅", scream: "😱", shrug: "🤷", siren: "🚨", skull: "💀", snowman: "⛄", stare: "👀",
  success: "✅", successful: "✅", sunglasses: "😎", sweat: "😅", taco: "🌮", tada: "🎉", tableflip: "😤", thatthing: "👉",
  thinking: "🤔", thumbsdown: "👎", thumbsup: "👍", tired: "😫", tree: "🌳", troll: "😈", trophy: "🏆", turkey: "🦃",
  unacceptable: "😾", unknown: "❔", upvote: "👍", waiting: "⏳", warning: "⚠️", wat: "😶", whoa: "😮", wink: "😉", wtf: "😳",
  yes: "🙆", yey: "🎉", yougotitdude: "👍", yuno: "😫", zzz: "💤",
}));

hcfmt.SMILEYS = new Map(Object.entries({
  ":)": "🙂", ":-)": "🙂", "=)": "🙂", ":(": "🙁", ":-(": "🙁", "=(": "🙁", ":D": "😃", ":-D": "😃", "=D": "😃", ";)": "😉", ";-)": "😉",
  ":p": "😛", ":P": "😛", ":-p": "😛", ":-P": "😛", ":o": "😮", ":O": "😮", ":-o": "😮", ":\\": "😕", ":-\\": "😕", ":/": "😕", ":-/": "😕",
  ":|": "😐", ":-|": "😐", ":'(": "😢", ":*": "😘", ":-*": "😘", "8)": "😎", "8-)": "😎", ">:-(": "😠", ">:(": "😠", "<3": "❤️",
}));
