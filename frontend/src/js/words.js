// The few words that scripts need, given by the page in its own language.
const words = document.getElementById("words")?.dataset ?? {};

export const word = (name) => words[name] ?? "";
