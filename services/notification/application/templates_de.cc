#include <array>

#include "services/notification/application/templates.h"

namespace escalon::notification::words {
namespace {

constexpr auto kTemplates = std::to_array<Template>({
    {"details", "",
     "{lead}\n\n"
     "{title, select, none {} other {{title}\n}}"
     "Fall: {case}{ref, select, none {} other { ({ref})}}\n"
     "{state, select, none {} new {Stand: neu\n} triaged {Stand: eingestuft\n} assigned {Stand: zugewiesen\n} "
     "acknowledged {Stand: "
     "angenommen\n} in_progress {Stand: in Arbeit\n} pending {Stand: wartet\n} resolved {Stand: gelöst\n} monitoring "
     "{Stand: unter "
     "Beobachtung\n} closed {Stand: geschlossen\n} cancelled {Stand: zurückgezogen\n} other {Stand: {state}\n}}"
     "{level, select, none {} other {Stufe: {level}\n}}"
     "{service, select, none {} other {Dienst: {service}\n}}"
     "{owner, select, none {{team, select, none {} other {Team: {team}\n}}} other {Zuständig: {owner}\n}}"
     "{why, select, none {} other {Grund: {why}\n}}"
     "{due, select, none {} other {Fällig: {due}\n}}"
     "{update, select, none {} other {Nächste Nachricht: {update}\n}}"
     "{eta, select, none {} other {Voraussichtlich gelöst: {eta}\n}}"
     "{link, select, none {} other {\nAnnehmen: {link}\n}}"},
    {"requester-details", "",
     "{lead}\n\n"
     "{title, select, none {} other {{title}\n}}"
     "Zeichen: {ref, select, none {{case}} other {{ref}}}\n"
     "{eta, select, none {} other {Voraussichtlich gelöst: {eta}\n}}"
     "{update, select, none {} other {Nächste Nachricht: {update}\n}}"
     "{view, select, none {} other {\nWie es steht: {view}\n}}"
     "{confirm, select, none {} other {Es geht wieder: {confirm}\n}}"
     "{reject, select, none {} other {Es geht nicht: {reject}\n}}"
     "{rate, select, none {} other {Wie war es: {rate}\n}}"},
    {"bundle", "{count} Fälle brauchen Sie", "{count} Nachrichten in einer:\n\n{list}"},
    {"other", "[{priority}] {title}", "Zu diesem Fall gibt es Neues."},
    {"requester-other", "{title}", "Zu Ihrer Anfrage gibt es Neues."},
    {"opened", "[{priority}] neu: {title}", "Ein neuer Fall ist eröffnet."},
    {"assigned", "[{priority}] {title}", "Dieser Fall braucht Sie. Bitte nehmen Sie ihn an."},
    {"escalated", "[{priority}] eskaliert: {title}", "Dieser Fall ist an {level} eskaliert. Bitte nehmen Sie ihn an."},
    {"acknowledged", "[{priority}] angenommen: {title}", "{owner} hat diesen Fall angenommen."},
    {"acknowledgement_ended", "[{priority}] Annahme beendet: {title}", "An diesem Fall arbeitet zurzeit niemand."},
    {"warned", "[{priority}] die Zeit wird knapp: {title}", "Eine Zusage zu diesem Fall wird bald gebrochen."},
    {"breached", "[{priority}] Zusage gebrochen: {title}", "Eine Zusage zu diesem Fall ist gebrochen."},
    {"breach_annulled", "[{priority}] doch rechtzeitig: {title}",
     "Eine als gebrochen gemeldete Zusage wurde eingehalten."},
    {"nobody_reached", "[{priority}] niemand erreicht: {title}",
     "Für diesen Fall wurde niemand erreicht. Bitte kümmern Sie sich."},
    {"step_empty", "[{priority}] niemand im Dienst: {title}",
     "Eine Stufe dieses Falls hatte niemanden, der benachrichtigt werden konnte."},
    {"priority_changed", "[{priority}] Priorität geändert: {title}",
     "Die Priorität dieses Falls ist jetzt {priority}."},
    {"paused", "[{priority}] wartet: {title}", "Dieser Fall wartet."},
    {"resumed", "[{priority}] geht weiter: {title}", "Dieser Fall wartet nicht mehr."},
    {"follow_up", "[{priority}] nachfassen: {title}", "Bei diesem wartenden Fall ist nachzufassen."},
    {"storm", "[{priority}] viele Fälle: {title}", "Mit diesem Fall kamen viele. Bisher unter ihm: {children}."},
    {"snoozed", "[{priority}] zurückgestellt: {title}", "Dieser Fall ist zurückgestellt."},
    {"snooze_ended", "[{priority}] wieder vorgelegt: {title}", "Dieser Fall ist nicht mehr zurückgestellt."},
    {"handover_offered", "[{priority}] Übergabe angeboten: {title}",
     "Dieser Fall wird Ihnen angeboten. Bitte nehmen Sie an, lehnen Sie ab oder fragen Sie nach."},
    {"handover_accepted", "[{priority}] Übergabe angenommen: {title}", "Ihre Übergabe ist angenommen."},
    {"handover_declined", "[{priority}] Übergabe abgelehnt: {title}",
     "Die Übergabe ist abgelehnt; der Fall bleibt bei Ihnen."},
    {"handover_asked_for_more", "[{priority}] Übergabe unvollständig: {title}",
     "Für die Übernahme dieses Falls wird mehr gebraucht."},
    {"handover_supplied", "[{priority}] Übergabe ergänzt: {title}", "Was bei der Übergabe fehlte, liegt jetzt vor."},
    {"handover_expired", "[{priority}] Übergabe verfallen: {title}",
     "Niemand hat rechtzeitig übernommen; der Fall bleibt bei Ihnen."},
    {"de_escalated", "[{priority}] zurückgegeben: {title}", "Dieser Fall ist an {level} zurückgegeben."},
    {"approval_requested", "[{priority}] Zustimmung erbeten: {title}",
     "Eine Eskalation dieses Falls wartet auf Ihre Zustimmung."},
    {"approval_decided", "[{priority}] Zustimmung entschieden: {title}",
     "Über die erbetene Zustimmung ist entschieden."},
    {"decision_requested", "[{priority}] Ihre Entscheidung ist gefragt: {title}",
     "Zu diesem Fall wartet eine Entscheidung auf jemanden mit Ihrer Befugnis."},
    {"decision_taken", "[{priority}] entschieden: {title}", "Zu diesem Fall ist eine Entscheidung gefallen."},
    {"decision_refused", "[{priority}] Entscheidung abgelehnt: {title}",
     "Eine Entscheidung zu diesem Fall wurde abgelehnt."},
    {"milestone_reached", "[{priority}] Meilenstein: {title}", "Dieser Fall hat einen Meilenstein erreicht."},
    {"major_opened", "[{priority}] Großeskalation: {title}", "Dieser Fall ist jetzt eine Großeskalation."},
    {"major_changed", "[{priority}] Großeskalation: {title}", "Die Akte dieser Großeskalation hat sich geändert."},
    {"major_closed", "[{priority}] Großeskalation geschlossen: {title}", "Diese Großeskalation ist geschlossen."},
    {"major_manager_named", "[{priority}] Sie leiten diese Großeskalation: {title}",
     "Sie leiten die Eskalation dieses Falls. Bitte bestätigen Sie."},
    {"major_member_named", "[{priority}] Sie werden in einer Großeskalation gebraucht: {title}",
     "Sie haben eine Aufgabe in dieser Großeskalation. Bitte bestätigen Sie."},
    {"major_recurrence", "[{priority}] es ist wieder da: {title}",
     "Diese Großeskalation wurde beobachtet und ist wieder offen. Ihr Team wird gebraucht. Bitte bestätigen Sie."},
    {"major_standby", "[{priority}] bitte bereithalten: {title}",
     "Der Kunde nennt es gelöst. Es wird nun beobachtet; bitte halten Sie sich bis zum Ende der Frist bereit."},
    {"major_word_wanted", "[{priority}] das Wort des Kunden fehlt: {title}",
     "Diese Großeskalation ist gelöst. Die Beobachtung beginnt, wenn der Kunde es sagt."},
    {"major_closing_wanted", "[{priority}] bereit zum Schließen: {title}",
     "Die Beobachtung ist vorbei. Bitte schließen Sie diese Großeskalation, wenn der Kunde zustimmt."},
    {"major_consented", "[{priority}] der Kunde stimmt zu: {title}",
     "Der Kunde stimmt dem Schließen dieser Großeskalation zu."},
    {"major_manager_overdue", "[{priority}] niemand leitet die Eskalation: {title}",
     "Noch leitet niemand diese Großeskalation. Bitte benennen Sie jemanden."},
    {"major_team_overdue", "[{priority}] das Team hat nicht geantwortet: {title}",
     "Jemand aus dem Team dieser Großeskalation hat nicht bestätigt."},
    {"major_assessment_overdue", "[{priority}] Bewertung überfällig: {title}",
     "Die Bewertung dieser Großeskalation ist überfällig."},
    {"major_plan_overdue", "[{priority}] Plan überfällig: {title}",
     "Der Plan dieser Großeskalation ist zu schreiben oder zu prüfen."},
    {"major_update_overdue", "[{priority}] Akte veraltet: {title}",
     "An dieser Großeskalation hat zu lange niemand etwas getan. Bitte sagen Sie, wie es steht."},
    {"major_review_overdue", "[{priority}] Rückschau überfällig: {title}",
     "Die Rückschau auf diese Großeskalation ist überfällig."},
    {"consultation_asked", "[{priority}] Ihr Rat ist gefragt: {title}", "Zu diesem Fall wird Ihr Rat gebraucht."},
    {"consultation_answered", "[{priority}] Rat gegeben: {title}", "Ihre Frage zu diesem Fall ist beantwortet."},
    {"note_added", "[{priority}] neue Notiz: {title}", "Zu diesem Fall gibt es eine neue Notiz."},
    {"merge_refused", "[{priority}] nicht zusammengeführt: {title}",
     "Dieser Fall konnte nicht zusammengeführt werden."},
    {"resolved", "[{priority}] gelöst: {title}", "Dieser Fall ist gelöst."},
    {"resolution_rejected", "[{priority}] nicht gelöst: {title}", "Nach Auskunft des Anfragenden ist es nicht gelöst."},
    {"reopened", "[{priority}] wieder offen: {title}", "Dieser Fall ist wieder offen."},
    {"closed", "[{priority}] geschlossen: {title}", "Dieser Fall ist geschlossen."},
    {"cancelled", "[{priority}] zurückgezogen: {title}", "Dieser Fall ist zurückgezogen."},
    {"eta_changed", "[{priority}] neue Zeitangabe: {title}", "Die voraussichtliche Lösungszeit hat sich geändert."},
    {"eta_passed", "[{priority}] Zeitangabe verstrichen: {title}",
     "Die voraussichtliche Lösungszeit ist ohne neue Angabe verstrichen."},
    {"update", "[{priority}] Stand: {title}", "So steht es um diesen Fall."},
    {"update_due", "[{priority}] Nachricht fällig: {title}",
     "Zu diesem Fall ist eine Nachricht fällig. Bitte sagen Sie, wie es steht."},
    {"shift_ends", "[{priority}] Ihre Schicht endet: {title}",
     "Der Tag Ihrer Region endet bald, und dieser Fall geht in der nächsten weiter. Bitte übergeben Sie ihn mit allem, "
     "was "
     "dazugehört, oder sagen Sie, dass Sie ihn behalten."},
    {"review", "[{priority}] bitte prüfen: {title}", "Dieser Fall ist zu prüfen."},
    {"review_overdue", "[{priority}] Prüfung überfällig: {title}", "Die Prüfung dieses Falls ist überfällig."},
    {"duty_due_soon", "[{priority}] eine Behörde wartet: {title}",
     "An diesem Fall wird nicht mehr gearbeitet, aber was einer Behörde geschuldet ist, wird bald fällig."},
    {"duty_overdue", "[{priority}] einer Behörde geschuldet, überfällig: {title}",
     "An diesem Fall wird nicht mehr gearbeitet, aber was einer Behörde geschuldet ist, ist überfällig."},
    {"test_page", "Testnachricht", "Dies ist eine Probe Ihrer Erreichbarkeit: {title}"},
    {"requester-opened", "Ihre Anfrage ist da: {title}", "Wir haben Ihre Anfrage erhalten und arbeiten daran."},
    {"requester-resolved", "Gelöst: {title}",
     "Wir meinen, dass Ihre Anfrage gelöst ist. Bitte sagen Sie uns, ob es stimmt."},
    {"requester-closed", "Abgeschlossen: {title}", "Ihre Anfrage ist abgeschlossen. Vielen Dank."},
    {"requester-reopened", "Wieder offen: {title}", "Ihre Anfrage ist wieder offen."},
    {"requester-cancelled", "Zurückgezogen: {title}", "Ihre Anfrage ist zurückgezogen."},
    {"requester-eta_changed", "Neue Zeitangabe: {title}",
     "Die Zeit, zu der wir eine Lösung erwarten, hat sich geändert."},
    {"requester-eta_passed", "Wir sind spät dran: {title}",
     "Wir haben die erwartete Zeit nicht eingehalten und nennen Ihnen die neue."},
    {"requester-update", "Stand: {title}", "So steht es um Ihre Anfrage."},
});

}  // namespace

const std::span<const Template> kGerman{kTemplates};

}  // namespace escalon::notification::words
