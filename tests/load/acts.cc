#include "tests/load/acts.h"

#include <array>
#include <utility>

namespace escalon::load {
namespace {

namespace cs = ::escalon::cases::v1;
namespace cm = ::escalon::common::v1;

constexpr std::array<const char*, kActs> kNames{"acknowledge",
                                                "start_work",
                                                "add_note",
                                                "log_attempt",
                                                "customer_message",
                                                "public_reply",
                                                "pause",
                                                "resume",
                                                "escalate",
                                                "offer_handover",
                                                "answer_handover",
                                                "set_eta",
                                                "resolve",
                                                "confirm_resolution",
                                                "reject_resolution",
                                                "rate",
                                                "source_cleared",
                                                "source_closed",
                                                "cancel"};

void AddField(const char* name, const char* text, cs::OfferHandover* to) {
  cm::PackageField& field = *to->add_package_fields();
  field.set_name(name);
  field.set_text(text);
}

void FillTime(InstantMs at, google::protobuf::Timestamp* to) {
  to->set_seconds(at / 1000);
  to->set_nanos(static_cast<int32_t>(at % 1000) * 1'000'000);
}

bool IsResting(cm::CaseState state) { return state == cm::CASE_STATE_RESOLVED || state == cm::CASE_STATE_MONITORING; }
bool IsOver(cm::CaseState state) { return state == cm::CASE_STATE_CLOSED || state == cm::CASE_STATE_CANCELLED; }

}  // namespace

const char* NameOf(Act act) { return kNames[static_cast<size_t>(act)]; }

bool IsOfSource(Act act) {
  return act == Act::kAsk || act == Act::kConfirm || act == Act::kReject || act == Act::kRate ||
         act == Act::kSourceClears || act == Act::kSourceCloses || act == Act::kWithdraw;
}

bool FitsState(Act act, const cs::PublicCase& c) {
  const cm::CaseState state = c.state();
  if (IsOver(state) || IsResting(state)) return false;
  switch (act) {
    case Act::kAcknowledge:
      return c.acknowledged_by().empty() && state != cm::CASE_STATE_PENDING;
    case Act::kStartWork:
      return state != cm::CASE_STATE_PENDING && state != cm::CASE_STATE_IN_PROGRESS;
    case Act::kPause:
      return state != cm::CASE_STATE_PENDING;
    case Act::kResume:
      return state == cm::CASE_STATE_PENDING;
    case Act::kOfferHandover:
      return c.handovers_size() == 0;
    case Act::kAnswerHandover:
      return c.handovers_size() > 0;
    default:
      return true;
  }
}

cs::Command CommandOf(Act act, const std::string& colleague, InstantMs later, uint64_t dice) {
  cs::Command command;
  switch (act) {
    case Act::kAcknowledge:
      command.mutable_acknowledge()->set_channel("api");
      break;
    case Act::kStartWork:
      command.mutable_start_work();
      break;
    case Act::kNote:
      command.mutable_add_note()->set_text(
          "Looked at the logs: the first errors begin at the hour of the last change.");
      break;
    case Act::kAttempt:
      command.mutable_log_attempt()->set_what("Restarted the gateway; it helped for some minutes.");
      break;
    case Act::kAsk:
      command.mutable_add_note()->set_text("Is there any news? It still does not work here.");
      command.mutable_add_note()->set_from_customer(true);
      command.mutable_add_note()->set_visibility(cm::VISIBILITY_PUBLIC);
      break;
    case Act::kReply:
      command.mutable_add_note()->set_text("We have found the cause and are mending it.");
      command.mutable_add_note()->set_visibility(cm::VISIBILITY_PUBLIC);
      break;
    case Act::kPause:
      command.mutable_pause()->set_reason("customer");
      command.mutable_pause()->set_text("Asked for a screenshot.");
      break;
    case Act::kResume:
      command.mutable_resume()->set_reason("The answer came.");
      break;
    case Act::kEscalate:
      command.mutable_escalate()->set_reason(dice % 2 == 0 ? cm::ESCALATION_REASON_SKILL
                                                           : cm::ESCALATION_REASON_OBSTACLE);
      command.mutable_escalate()->set_text("Needs somebody who knows the inside of it.");
      break;
    case Act::kOfferHandover: {
      cs::OfferHandover& offer = *command.mutable_offer_handover();
      offer.set_to_person(colleague);
      offer.set_reason("My day ends.");
      AddField("summary", "Errors since the last change; cause narrowed down.", &offer);
      AddField("steps_taken", "Restarted, logs read, provider asked.", &offer);
      AddField("impact", "One in twenty customers.", &offer);
      AddField("next_step", "Roll the change back.", &offer);
      break;
    }
    case Act::kAnswerHandover:
      if (dice % 5 == 0) {
        command.mutable_decline_handover()->set_reason("The logs of the last hour are missing.");
      } else {
        command.mutable_accept_handover();
      }
      break;
    case Act::kEta:
      FillTime(later, command.mutable_set_eta()->mutable_eta_at());
      command.mutable_set_eta()->set_text("The change is being rolled back.");
      break;
    case Act::kResolve:
      command.mutable_resolve()->set_cause(dice % 4 == 0 ? cm::RESOLUTION_CAUSE_WORKAROUND
                                                         : cm::RESOLUTION_CAUSE_FIXED);
      command.mutable_resolve()->set_text("Rolled the change back; error rate is normal again.");
      break;
    case Act::kConfirm:
      command.mutable_confirm_resolution();
      break;
    case Act::kReject:
      command.mutable_reject_resolution()->set_reason("It happens again.");
      break;
    case Act::kRate:
      command.mutable_rate()->set_what("resolution");
      command.mutable_rate()->set_score(static_cast<int>(1 + dice % 5));
      break;
    case Act::kSourceClears:
      command.mutable_source_ended()->set_cleared(true);
      command.mutable_source_ended()->set_text("back to normal");
      break;
    case Act::kSourceCloses:
      command.mutable_source_ended()->set_cleared(false);
      command.mutable_source_ended()->set_text("closed in the ITSM");
      break;
    case Act::kWithdraw:
      command.mutable_cancel()->set_reason("It was a mistake of ours.");
      break;
  }
  return command;
}

}  // namespace escalon::load
