/** Was ein Host riskiert, und was er dagegen tun kann. */
export function ForHosts() {
  return (
    <section class="card">
      <h2>Für Hosts</h2>
      <ul>
        <li>
          <strong>Fremde trainieren das Netz.</strong> Was sie schicken, wird auf Form und Größe geprüft. Ob
          jemand ehrlich trainiert hat, ist daran nicht zu sehen. Genug unehrliche Mitmachende können ein Netz
          verderben oder etwas darin verstecken. Es gehört getestet, bevor man es benutzt.
        </li>
        <li>
          <strong>Einige Bilder werden zurückbehalten.</strong> Gibt es genug Daten, behält ein neuer Lauf ein
          paar hundert Trainingsbilder für sich. Nur ein Schiedsrichter arbeitet mit ihnen. So zeigen sie, was
          ein Beitrag wert ist, und niemand sonst kann sie auswendig gelernt haben.
        </li>
        <li>
          <strong>Beim Lauf bleiben oder einen Schiedsrichter dort haben.</strong> Der eigene Tab ist einer,
          sobald er trainiert. Ebenso ein Gerät, das den Link eines Schiedsrichters öffnet, im Browser oder
          mit <code>npx homeroom join</code>. Er tut drei Dinge, die sonst niemand kann.
        </li>
        <li>
          <strong>Erstens trainiert er mit den zurückbehaltenen Bildern.</strong> Nach der üblichen Regel
          zählen die Beiträge der anderen so weit, wie sie in dieselbe Richtung zeigen. In unseren Tests
          verderben dann auch vier unehrliche Mitmachende von zehn wenig.
        </li>
        <li>
          <strong>Zweitens prüft er jede Version, bevor sie erscheint.</strong> Beiträge, die sie auf den
          zurückbehaltenen Bildern schlechter machen, werden abgelehnt, und eine viel schlechtere Version
          erscheint nicht. Ein wenig schlechter kann Pech sein und geht durch, es sei denn, ein Beitrag ist
          viel länger als die anderen. Wählbar ist, ob das geschieht, wenn ein Schiedsrichter da ist, immer
          oder nie. Bei „immer“ wartet eine Runde auf ihren Schiedsrichter.
        </li>
        <li>
          <strong>Drittens sagt er, wie gut eine Version ist.</strong> Sein Wort steht über dem der
          Mitmachenden. Auf Wunsch testen nur Schiedsrichter.
        </li>
        <li>
          <strong>Was ein Schiedsrichter nicht sieht.</strong> Er misst an ein paar hundert Bildern, wie gut
          sie erkannt werden. Was sich dort nicht zeigt, geht durch: ein verstecktes Zeichen, das eine Klasse
          in eine andere verwandelt, oder viele kleine Schritte, die das Netz nur am Lernen hindern.
        </li>
        <li>
          <strong>Versionen lassen sich zurücknehmen.</strong> Der Lauf kann zu jeder Version zurück, die
          aufgehoben ist. Von selbst tut er es, wenn eine bestätigte Genauigkeit um mehr als 20 Punkte fällt,
          oder um so viel, wie eingestellt ist.
        </li>
        <li>
          <strong>Der Host-Schlüssel ist der Lauf.</strong> Wer ihn hat, kann anhalten, beenden, Leute
          entfernen und Schlüssel machen. Hat ihn vielleicht jemand anderes, sollte er auf der Seite des Laufs
          erneuert werden.
        </li>
        <li>
          <strong>Der Schlüssel eines Schiedsrichters ist viel wert.</strong> Wer ihn hat, kommt ohne Code
          herein, und was er misst, entscheidet. So ein Link gehört jemandem, dem man vertraut, und nur so
          lange wie nötig. Er endet von selbst und lässt sich vorher widerrufen.
        </li>
        <li>
          <strong>Ein Code hält Leute vom Mitmachen ab, nicht vom Zusehen.</strong> Wer die Plattform
          erreicht, sieht den Lauf, seine Daten und seine Versionen. Wer entfernt wurde, kann unter anderem
          Namen wiederkommen, wenn ihn nicht der Code aufhält.
        </li>
      </ul>
    </section>
  );
}

/** [CHECK12] Was durch nichts ersetzt wird. */
export function WithoutReferee() {
  return (
    <section class="card" aria-labelledby="without-referee">
      <h2 id="without-referee">Was ein Lauf ohne Schiedsrichter nicht abwehrt</h2>
      <ul>
        <li>
          <strong>Keine Version wird geprüft, bevor sie erscheint.</strong> Eine schlechtere erscheint, und
          alle trainieren auf ihr weiter. Nur wenn Mitmachende sie viel schlechter finden, geht der Lauf von
          selbst zurück.
        </li>
        <li>
          <strong>Beiträge lassen sich nur miteinander vergleichen.</strong> Das hält einige feindliche unter
          vielen zurück. Sind die feindlichen die meisten derer, die denselben Teil des Netzes trainieren,
          fallen die ehrlichen auf, und niemand kann es erkennen.
        </li>
        <li>
          <strong>Wenige Beiträge schützen einander nicht.</strong> Bei weniger als fünf desselben Teils in
          einer Runde kann keine Regel einen feindlichen von einem ehrlichen unterscheiden. Dann kann eine
          einzige Person das Netz verderben. Die Seite eines solchen Laufs sagt es.
        </li>
        <li>
          <strong>Eine Person kann viele Mitmachende sein.</strong> Zwei Mitmachende, die geholfen und eine
          Version nicht trainiert haben, müssen über ihre Genauigkeit einig sein. Sonst heißt sie unbestätigt,
          und kein Lauf endet oder geht zurück durch sie. Wer nur testet, entscheidet also nichts. Aber beide
          können dieselbe Person sein und vorher geholfen haben.
        </li>
        <li>
          <strong>Fremde können einen Lauf anhalten, der noch nicht trainiert hat.</strong> Ein Lauf hält sich
          selbst an, wenn das Training bei allen misslingt. Vor dem ersten Beitrag kann niemand sagen, dass es
          gut geht. Dann hilft: fortsetzen oder als Schiedsrichter mitmachen.
        </li>
        <li>
          <strong>Ein oder zwei Mitmachende bestätigen nichts.</strong> So ein Lauf endet mit seiner letzten
          Runde, oder wenn sein Host ihn beendet, gleich welche Genauigkeit er erreicht.
        </li>
        <li>
          <strong>Ein verstecktes Zeichen wird nicht gefunden.</strong> Auch ein Schiedsrichter fände es
          nicht.
        </li>
      </ul>
    </section>
  );
}
