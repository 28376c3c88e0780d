// For browsers in which the page cannot start: they are too old for its modules or for their syntax, or a file did not
// come. It is written in what every browser knows. The sentence itself stands in the page.
(() => {
  function tell() {
    var app = document.getElementById('app');
    var sentence = document.getElementById('no-start');
    if (app && sentence && !app.firstChild) sentence.removeAttribute('hidden');
  }
  window.addEventListener('error', tell, true);
  if (!('noModule' in document.createElement('script'))) tell();
})();
