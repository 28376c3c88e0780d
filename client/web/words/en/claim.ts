/** What the page says on which somebody becomes the owner of a deployment. */
export const claim = {
  title: 'Become the owner',
  what: 'You have put this platform on your own Cloudflare account. Press the button to get its deployment key. With the key you create runs here, and nobody without it can. To take part in a run, people need only its link.',
  replaces:
    'This platform has an owner already. If you go on, you get a new deployment key, and the old one does nothing any more. Runs go on as they are.',
  noClaim:
    'This address has no claim in it. Open the whole link that the deploy printed. If you have lost it, deploy again: each deploy prints a new one.',
  become: 'Become the owner',
  key: 'Deployment key',
  done: 'This platform is yours. This is its deployment key:',
  once: 'It is shown only now. Keep it where you keep passwords. If it is lost, deploy again: the new link makes a new key.',
  keep: 'Keep the key in this browser',
  keepMore: 'Not on a computer that others use too: whoever opens this browser could create runs.',
  next: 'Create the first run',
};
export type ClaimWords = Readonly<typeof claim>;
