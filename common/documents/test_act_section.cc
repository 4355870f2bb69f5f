#include <array>
#include <utility>

#include "common/documents/fields.h"
#include "common/documents/policy_sections.h"
#include "common/documents/test_section.h"
#include "common/documents/values.h"

namespace escalon::documents {
namespace {

/// What an act needs beside the moment: read from the same map.
struct Parts {
  const Policy& policy;
  Fields& fields;

  std::string Text(std::string_view key) {
    std::string text;
    fields.Read(key, &text, ReadText);
    return text;
  }
  std::string Needed(std::string_view key) {
    std::string text;
    fields.Need(key, &text, ReadText);
    return text;
  }
  Track OfTrack() {
    Track track = Track::kFunctional;
    fields.Read("track", &track, [](const Value& v, Track* t) {
      ReadWord(v, t, ParseTrack, {"functional", "hierarchical"});
    });
    return track;
  }
  std::string Level() {
    std::string level;
    fields.Read("level", &level, [this](const Value& v, std::string* l) { ReadLevelName(v, policy, l); });
    return level;
  }
  EscalationReason Reason(EscalationReason otherwise) {
    fields.Read("reason", &otherwise, [](const Value& v, EscalationReason* r) {
      std::vector<std::string> words;
      for (int i = 1; i <= static_cast<int>(EscalationReason::kManual); ++i) {
        words.emplace_back(Name(static_cast<EscalationReason>(i)));
      }
      ReadWord(v, r, ParseEscalationReason, words);
    });
    return otherwise;
  }
  bool Flag(std::string_view key) {
    bool flag = false;
    fields.Read(key, &flag, ReadFlag);
    return flag;
  }
};

struct Verb {
  std::string_view word;
  CommandBody (*make)(Parts& parts);
};

CommandBody Escalating(Parts& p) {
  return Escalate{p.OfTrack(), p.Level(), p.Reason(EscalationReason::kManual), p.Text("text"), p.Flag("emergency")};
}
CommandBody Returning(Parts& p) { return DeEscalate{p.OfTrack(), p.Level(), p.Needed("text"), 0}; }
CommandBody Assigning(Parts& p) {
  Assign assign;
  assign.team = p.Text("team");
  assign.person = p.Text("person");
  assign.reason = p.Text("text");
  return assign;
}
CommandBody Prioritising(Parts& p) {
  SetPriority set;
  p.fields.Need("priority", &set.priority, ReadPriority);
  set.reason = p.Needed("text");
  return set;
}
CommandBody Changing(Parts& p) {
  ChangeFacts change;
  p.fields.Need("set", &change, [](const Value& v, ChangeFacts* out) {
    Fields facts(v);
    ReadTestFacts(&facts, &out->facts);
    if (!v.is_map()) return;
    for (const Node::Entry& entry : v.node->entries) out->fields.push_back(entry.key);
  });
  return change;
}
CommandBody Deciding(Parts& p) {
  TakeDecision decide;
  decide.decision = p.Needed("decision");
  p.fields.Read("amount", &decide.amount, ReadMoney);
  decide.text = p.Text("text");
  return decide;
}
CommandBody Noting(Visibility visibility, bool from_customer) {
  AddNote note;
  note.visibility = visibility;
  note.from_customer = from_customer;
  note.sealed_text = "test";
  return note;
}

constexpr auto kVerbs = std::to_array<Verb>({
    {"acknowledge",
     [](Parts& p) -> CommandBody {
       return Acknowledge{p.OfTrack(), "", ""};
     }},
    {"start_work", [](Parts&) -> CommandBody { return StartWork{}; }},
    {"reply", [](Parts&) { return Noting(Visibility::kPublic, false); }},
    {"note", [](Parts&) { return Noting(Visibility::kInternal, false); }},
    {"customer_message", [](Parts&) { return Noting(Visibility::kPublic, true); }},
    {"attempt_failed",
     [](Parts& p) -> CommandBody {
       return LogAttempt{p.Needed("text"), false};
     }},
    {"escalate", Escalating},
    {"de_escalate", Returning},
    {"assign", Assigning},
    {"pause",
     [](Parts& p) -> CommandBody {
       return Pause{p.Text("pending"), 0, ""};
     }},
    {"resume", [](Parts&) -> CommandBody { return Resume{}; }},
    {"change", Changing},
    {"set_priority", Prioritising},
    {"approve",
     [](Parts& p) -> CommandBody {
       return DecideApproval{"", true, p.Text("text")};
     }},
    {"refuse",
     [](Parts& p) -> CommandBody {
       return DecideApproval{"", false, p.Needed("text")};
     }},
    {"decide", Deciding},
    {"approve_decision",
     [](Parts& p) -> CommandBody {
       return AnswerDecision{"", true, p.Text("text")};
     }},
    {"refuse_decision",
     [](Parts& p) -> CommandBody {
       return AnswerDecision{"", false, p.Needed("text")};
     }},
    {"milestone",
     [](Parts& p) -> CommandBody {
       return RecordMilestone{p.Needed("milestone"), p.Text("text")};
     }},
    {"resolve",
     [](Parts&) -> CommandBody {
       return Resolve{ResolutionCause::kFixed, "test"};
     }},
    {"confirm", [](Parts&) -> CommandBody { return ConfirmResolution{}; }},
    {"reject", [](Parts& p) -> CommandBody { return RejectResolution{p.Needed("text")}; }},
    {"reopen", [](Parts& p) -> CommandBody { return Reopen{p.Needed("text")}; }},
    {"clear", [](Parts&) -> CommandBody { return SourceEnded{}; }},
    {"cancel",
     [](Parts& p) -> CommandBody {
       return Cancel{CancelCause::kWithdrawn, {}, p.Text("text")};
     }},
});

/// Whose act it is when the test does not say.
TestActor::Who UsualActor(const CommandBody& body) {
  if (const auto* note = std::get_if<AddNote>(&body); note != nullptr && note->from_customer) {
    return TestActor::Who::kRequester;
  }
  if (std::holds_alternative<ConfirmResolution>(body) || std::holds_alternative<RejectResolution>(body)) {
    return TestActor::Who::kRequester;
  }
  return std::holds_alternative<SourceEnded>(body) || std::holds_alternative<ChangeFacts>(body)
             ? TestActor::Who::kSource
             : TestActor::Who::kWhoeverHasIt;
}

void ReadActor(const Value& value, const Policy& policy, TestActor* out) {
  if (!value.is_map()) {
    if (!ReadName(value, &out->name)) return;
    out->who = out->name == "requester" ? TestActor::Who::kRequester
               : out->name == "source"  ? TestActor::Who::kSource
                                        : TestActor::Who::kPerson;
    return;
  }
  const bool by_level = std::any_of(value.node->entries.begin(), value.node->entries.end(),
                                    [](const Node::Entry& entry) { return entry.key == "level"; });
  if (!by_level) {
    out->who = TestActor::Who::kPlace;
    ReadStepTarget(value, &out->place);
    return;
  }
  Fields fields(value);
  out->who = TestActor::Who::kLevel;
  fields.Read("level", &out->name, [&policy](const Value& v, std::string* l) { ReadLevelName(v, policy, l); });
}

}  // namespace

bool ReadTestAct(const Value& value, const Policy& policy, InstantMs opened_at, TestAct* out) {
  Fields fields(value);
  out->at = value.path;
  out->line = value.node->line;
  const auto moment = ReadMoment(&fields, opened_at);
  out->after = moment.value_or(0);
  const Verb* verb = nullptr;
  fields.Need("do", &verb, [](const Value& v, const Verb** found) {
    std::vector<std::string> words;
    for (const Verb& one : kVerbs) words.emplace_back(one.word);
    ReadWord(
        v, found,
        [](std::string_view word) -> std::optional<const Verb*> {
          for (const Verb& one : kVerbs) {
            if (one.word == word) return &one;
          }
          return std::nullopt;
        },
        words);
  });
  Parts parts{policy, fields};
  if (verb != nullptr) {
    out->body = verb->make(parts);
    out->by.who = UsualActor(out->body);
  }
  fields.Read("by", &out->by, [&policy](const Value& v, TestActor* actor) { ReadActor(v, policy, actor); });
  fields.Read("refused", &out->refused, ReadFlag);
  return fields.readable() && verb != nullptr;
}

}  // namespace escalon::documents
