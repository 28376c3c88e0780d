/** Woran die Plattform erkennt, wer arbeitet, und wozu das gut ist. */
export function Standing() {
  return (
    <section class="card">
      <h2>Was die Plattform von einem Gerät hält</h2>
      <ul>
        <li>
          <strong>Jedes Gerät hat ein Ansehen, und alle sehen es.</strong> Ein Beitrag, der dorthin zeigt,
          wohin die der anderen zeigen, bringt welches ein. Nach dreien gilt ein Gerät als vertrauenswürdig.
        </li>
        <li>
          <strong>Ein leerer Beitrag oder eine Kopie bringt keines ein.</strong> Ebenso einer, der woandershin
          zeigt. Das ist bei ehrlichen Geräten spät in einem Lauf üblich, oder wenn ihre Bilder anders sind,
          und kostet nichts.
        </li>
        <li>
          <strong>Ansehen geht verloren</strong> durch Beiträge, die kein ehrliches Programm schickt, durch
          Testergebnisse, denen andere widersprechen, und durch Beiträge, die ein Schiedsrichter für schädlich
          befand.
        </li>
        <li>
          <strong>Es entscheidet, wer zuerst drankommt,</strong> wenn es nicht für alle Arbeit gibt. Beiträge
          eines Geräts mit schlechtem Ansehen wiegen weniger. Einen Test bestätigen Geräte, die geholfen
          haben, nicht neue, die nur testen. Jedes Ansehen kehrt von selbst zur Mitte zurück, also kann jeder
          wiederkommen.
        </li>
        <li>
          <strong>Es lässt sich erschleichen.</strong> Wer einmal trainiert und das Ergebnis unter vielen
          Namen schickt, jedes Mal ein wenig verändert, bekommt für jeden davon welches. Was ein Gerät über
          seine Geschwindigkeit oder sein Fehlermaß sagt, zählt nicht.
        </li>
      </ul>
    </section>
  );
}

export function Strangers() {
  return (
    <section class="card">
      <h2>Was Fremde aufhält</h2>
      <ul>
        <li>
          <strong>Andere Seiten.</strong> Die Seite einer anderen Website kann hier weder etwas ändern noch
          mithören, auch wenn beide offen sind. Ein Programm auf dem Gerät kann, was sein Benutzer kann.
        </li>
        <li>
          <strong>Andere Namen.</strong> Eine Plattform auf einem Laptop antwortet nur auf ihre eigenen Namen.
          Mit <code>--lan</code> gestartet antwortet sie allen im Netz. Über http können diese auch lesen und
          ändern, was vorbeikommt; in einem Netz ohne Vertrauen hilft <code>--https</code>.
        </li>
        <li>
          <strong>Andere Daten.</strong> Ein Datensatz bleibt, wie er unter seinem Namen ankam. Nur der
          Betreiber der Plattform kann einen anderen an seine Stelle setzen.
        </li>
        <li>
          <strong>Menschenmengen.</strong> Aus einem Netz dürfen 60 Geräte auf einmal dazukommen, danach eines
          in der Sekunde; mit Code doppelt so viele. Wer zu früh kommt, wartet von selbst, bis er drankommt.
          Hosts und Schiedsrichter kommen immer herein.
        </li>
        <li>
          <strong>Plätze.</strong> Ein Lauf hat Plätze für so viele Anwesende, 2.000, wenn sein Host nichts
          anderes sagt. Der Platz von jemandem, der nichts tut, ist nach einigen Minuten wieder frei. Wer
          gearbeitet hat, behält das Recht, wiederzukommen.
        </li>
        <li>
          <strong>Neue.</strong> Bis die Plattform einen ersten Beitrag von ihm angenommen hat, bekommt ein
          Gerät einen kleinen Teil der Arbeit, und ein Gerät, das nichts zurückgibt, wartet jedes Mal länger.
          So hält eine Menge von Namen, die nichts tun, weder einen Lauf auf, noch nimmt sie denen die Arbeit
          weg, die sie tun. Eine Menge von Namen, die je einen Beitrag geschickt haben, kann ihn bremsen und
          die Hälfte seiner Aufgaben an sich ziehen.
        </li>
        <CheckOfPeople />
      </ul>
    </section>
  );
}

/** [CROWD8] */
const CheckOfPeople = () => (
  <li>
    <strong>Eine Prüfung auf Menschen, auf manchen Plattformen.</strong> Der Betreiber kann verlangen, dass
    alle, die mitmachen, die Prüfung von Cloudflare (Turnstile) bestehen. Sie hält Programme ab, die zu
    Tausenden kommen, aber keinen Menschen mit vielen Browsern. Sie öffnet sich auf einer eigenen Seite, die
    als einzige das Skript von Cloudflare lädt; Schiedsrichter brauchen sie nicht. Cloudflare sieht dann die
    Netzadresse und Eigenschaften des Browsers. Das Skript läuft unter der Adresse dieser Plattform und könnte
    deshalb lesen, was Homeroom im Browser aufhebt, zum Beispiel Host-Schlüssel. Wer die Prüfung einrichtet,
    vertraut Cloudflare damit. Wer das nicht möchte, kann einem Lauf ohne sie zusehen.
  </li>
);
