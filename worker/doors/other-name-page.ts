import { html } from 'hono/html';

/** What people read if they came by a name that is none of the platform's. It loads nothing: that would be refused too. */
export const otherNamePage = (name: string) => html`<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <meta name="color-scheme" content="light dark" />
    <meta name="robots" content="noindex" />
    <title>Another name · Homeroom</title>
  </head>
  <body>
    <main>
      <h1>This platform does not answer to ${name}</h1>
      <p>Ask whoever runs it for its address. Whoever runs it can also let it answer to this name: <code>npx homeroom start --host ${name}</code></p>
      <div lang="de">
        <h2>Diese Plattform antwortet nicht auf ${name}</h2>
        <p>Wer sie betreibt, kennt ihre Adresse und kann sie auch auf diesen Namen antworten lassen: <code>npx homeroom start --host ${name}</code></p>
      </div>
    </main>
  </body>
</html>
`;
