/** Says a sentence to screen readers, when they have time for it. */
export function announce(sentence) {
  const line = document.createElement('p');
  line.textContent = sentence;
  document.getElementById('announcer').replaceChildren(line);
}
