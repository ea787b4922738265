/** Search and the choice of colours. The page reads just as well without it. */
export const SCRIPT = `
const search = document.getElementById('search');
const found = document.getElementById('found');
const pages = [...document.querySelectorAll('article')].map((article) => ({
  article,
  link: [...document.querySelectorAll('#list li')].find((item) => item.firstChild.getAttribute('href') === article.querySelector('h2 a').getAttribute('href')),
  text: article.textContent.toLowerCase(),
}));
function show() {
  const words = search.value.toLowerCase().split(/\\s+/).filter(Boolean);
  let count = 0;
  for (const { article, link, text } of pages) {
    const fits = words.every((word) => text.includes(word));
    article.hidden = link.hidden = !fits;
    if (fits) count += 1;
  }
  document.body.classList.toggle('searching', words.length > 0);
  found.textContent = words.length === 0 ? '' : count === 0 ? 'Nothing has all of these words.' : count + ' of ' + pages.length;
}
search.addEventListener('input', show);
document.addEventListener('keydown', (event) => {
  if (event.key === '/' && document.activeElement !== search) {
    event.preventDefault();
    search.focus();
  } else if (event.key === 'Escape' && document.activeElement === search) {
    search.value = '';
    show();
  }
});
addEventListener('hashchange', () => {
  const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (target && target.closest('article[hidden]')) {
    search.value = '';
    show();
    target.scrollIntoView();
  }
});
const here = new IntersectionObserver(
  (entries) => {
    for (const { target, isIntersecting } of entries) {
      const link = pages.find(({ article }) => article === target).link.firstChild;
      if (isIntersecting) link.setAttribute('aria-current', 'true');
      else link.removeAttribute('aria-current');
    }
  },
  { rootMargin: '-10% 0px -89% 0px' },
);
for (const { article } of pages) here.observe(article);
const root = document.documentElement;
const KEY = 'taskloom-docs-theme';
try {
  const chosen = localStorage.getItem(KEY);
  if (chosen === 'light' || chosen === 'dark') root.dataset.theme = chosen;
} catch {}
document.getElementById('theme').addEventListener('click', () => {
  const isDark = root.dataset.theme ? root.dataset.theme === 'dark' : matchMedia('(prefers-color-scheme: dark)').matches;
  root.dataset.theme = isDark ? 'light' : 'dark';
  try {
    localStorage.setItem(KEY, root.dataset.theme);
  } catch {}
});
`.trim();
