import { currentSession } from './current-session.ts';
import { reloadUnattended } from './reload-unattended.ts';
import { type StartRequest, VolunteerSession } from './volunteer-session.ts';

/** Starts to volunteer. A session in another run is stopped, because one device does not serve two runs at a time. */
export function startVolunteering(request: StartRequest): VolunteerSession {
  currentSession.value?.stop();
  const session = new VolunteerSession(request);
  currentSession.value = session;
  void session.start();
  return session;
}

addEventListener('pagehide', () => currentSession.value?.leave());
reloadUnattended(() => location.reload());
// The page may come back from the browser's page cache. Its session has stopped, so the page is loaded again.
addEventListener('pageshow', event => {
  if (event.persisted) location.reload();
});
