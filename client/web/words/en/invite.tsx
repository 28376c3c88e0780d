import type { ComponentChildren } from 'preact';

export const invite = {
  title: 'Invite',
  qrOf: (link: string) => `QR code of ${link}`,
  link: 'Link to this run',
  code: 'Join code',
  codeHint: 'People need it to join. Capital and small letters are the same.',
  codeUnknown:
    'People need the join code too. This run keeps only its fingerprint, so it cannot be shown again.',
  codeForGuests: 'People need the join code too: ask the host for it.',
  onlyHere: (command: ComponentChildren) => (
    <>
      This address works on this computer only. For other devices, start the platform with {command} and open
      the address that it prints.
    </>
  ),
};
export type InviteWords = Readonly<typeof invite>;
