// For browsers in which the page cannot start: they are too old for its modules or for their syntax, or a file did not
// come. It is written in what every browser knows. The sentence itself stands in the page.
(() => {
  // If storage is forbidden, the very word throws. The page then forgets everything, and works. It runs before the modules,
  // which read what is stored as soon as they are loaded.
  function forgetful() {
    var kept = {};
    return {
      isForgetful: true,
      getItem: name => (Object.hasOwn(kept, name) ? kept[name] : null),
      setItem: (name, value) => {
        kept[name] = String(value);
      },
      removeItem: name => {
        delete kept[name];
      },
    };
  }
  ['localStorage', 'sessionStorage'].forEach(name => {
    try {
      window[name];
    } catch {
      Object.defineProperty(window, name, { value: forgetful() });
    }
  });
  function tell() {
    var app = document.getElementById('app');
    var sentence = document.getElementById('no-start');
    if (app && sentence && !app.firstChild) sentence.removeAttribute('hidden');
  }
  window.addEventListener('error', tell, true);
  if (!('noModule' in document.createElement('script'))) tell();
})();
