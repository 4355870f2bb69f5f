#pragma once

#include "common/domain/command.h"
#include "common/wire/command_reader.h"
#include "common/wire/map_common.h"
#include "common/wire/timestamps.h"
#include "escalon/cases/v1/commands.pb.h"

/// Every kind of command, in the order of its numbers. Private to the room. What may be left out by clients has a
/// default.
namespace escalon::wire {

namespace cs = ::escalon::cases::v1;

// A personal text: the door's `sealed_text`, or the client's `text` that is sealed on the way in.
#define WIRE_SEALED(f, what)                           \
  do {                                                 \
    if constexpr (X::kWrites) {                        \
      p.set_sealed_text(d.f);                          \
    } else {                                           \
      x.Sealed(what, p.text(), p.sealed_text(), &d.f); \
    }                                                  \
  } while (false)
#define WIRE_TIME(f)                               \
  do {                                             \
    if constexpr (X::kWrites) {                    \
      if (d.f != 0) PutTime(d.f, p.mutable_##f()); \
    } else {                                       \
      if (p.has_##f()) x.Time(#f, p.f(), &d.f);    \
    }                                              \
  } while (false)
#define WIRE_COMMAND_PACKAGE()                                                 \
  do {                                                                         \
    if constexpr (X::kWrites) {                                                \
      MapPackage(x, "package_fields", d.package, *p.mutable_package_fields()); \
    } else {                                                                   \
      x.Package(p.package_fields(), &d.package);                               \
    }                                                                          \
  } while (false)

template <typename X>
void Map(X& x, D<X, OpenCase> d, P<X, cs::OpenCase> p) {
  WIRE_STRUCT(facts);
  WIRE_TEXT(dedup_key);
  WIRE_TEXT(idempotency_key);
  WIRE_VALUE(imported);
  WIRE_STRUCT(standing);
  WIRE_VALUE(sealed_history);
  if constexpr (!X::kWrites) {
    x.CheckSize("dedup_key", d.dedup_key.size(), kMaxKeyBytes);
    x.CheckSize("idempotency_key", d.idempotency_key.size(), kMaxKeyBytes);
  }
}
template <typename X>
void Map(X& x, D<X, RecordTriage> d, P<X, cs::RecordTriage> p) {
  WIRE_ENUM(priority);
  WIRE_TEXT(category);
  WIRE_TEXTS(skills);
  WIRE_ENUM(complexity);
  WIRE_VALUE(judged_version);
  WIRE_LIST(trace);
}
template <typename X>
void Map(X&, D<X, ClockDue> d, P<X, cs::ClockDue> p) {
  WIRE_TEXT(clock);
  WIRE_VALUE(generation);
}
template <typename X>
void Map(X&, D<X, ReportNobodyReached> d, P<X, cs::ReportNobodyReached> p) {
  WIRE_VALUE(intent_version);
  WIRE_VALUE(intent_index);
  WIRE_TEXT(why);
}
template <typename X>
void Map(X& x, D<X, Acknowledge> d, P<X, cs::Acknowledge> p) {
  WIRE_ENUM_OR_DEFAULT(track);
  WIRE_NAME(channel);
  WIRE_SUBJECT(on_behalf_of);
}
template <typename X>
void Map(X& x, D<X, WithdrawAcknowledgement> d, P<X, cs::WithdrawAcknowledgement> p) {
  WIRE_ENUM_OR_DEFAULT(track);
  WIRE_WORDS(reason);
}
template <typename X>
void Map(X&, D<X, StartWork>, P<X, cs::StartWork>) {}
template <typename X>
void Map(X& x, D<X, Escalate> d, P<X, cs::Escalate> p) {
  WIRE_ENUM_OR_DEFAULT(track);
  WIRE_NAME(to_level);
  WIRE_ENUM_OR_DEFAULT(reason);
  WIRE_WORDS(text);
  WIRE_VALUE(emergency);
}
template <typename X>
void Map(X& x, D<X, DeEscalate> d, P<X, cs::DeEscalate> p) {
  WIRE_ENUM_OR_DEFAULT(track);
  WIRE_NAME(to_level);
  WIRE_WORDS(guidance);
  WIRE_VALUE(rating);
}
template <typename X>
void Map(X& x, D<X, Assign> d, P<X, cs::Assign> p) {
  WIRE_NAME(team);
  WIRE_SUBJECT(person);
  WIRE_WORDS(reason);
}
template <typename X>
void Map(X& x, D<X, Pause> d, P<X, cs::Pause> p) {
  WIRE_NAME(reason);
  WIRE_TIME(resume_at);
  WIRE_WORDS(text);
}
template <typename X>
void Map(X& x, D<X, Resume> d, P<X, cs::Resume> p) {
  WIRE_WORDS(reason);
}
template <typename X>
void Map(X& x, D<X, Snooze> d, P<X, cs::Snooze> p) {
  WIRE_TIME(until);
  WIRE_WORDS(text);
}
template <typename X>
void Map(X& x, D<X, OfferHandover> d, P<X, cs::OfferHandover> p) {
  WIRE_NAME(to_team);
  WIRE_SUBJECT(to_person);
  WIRE_NAME(to_level);
  WIRE_COMMAND_PACKAGE();
  WIRE_VALUE(emergency);
  WIRE_WORDS(reason);
}
template <typename X>
void Map(X& x, D<X, AcceptHandover> d, P<X, cs::AcceptHandover> p) {
  WIRE_KEY(id);
}
template <typename X>
void Map(X& x, D<X, DeclineHandover> d, P<X, cs::DeclineHandover> p) {
  WIRE_KEY(id);
  WIRE_WORDS(reason);
}
template <typename X>
void Map(X& x, D<X, AskForMore> d, P<X, cs::AskForMore> p) {
  WIRE_KEY(id);
  WIRE_TEXTS(fields);
  if constexpr (!X::kWrites) {
    for (const auto& field : p.fields()) x.CheckName("fields", field);
  }
  WIRE_WORDS(question);
}
template <typename X>
void Map(X& x, D<X, SupplyHandover> d, P<X, cs::SupplyHandover> p) {
  WIRE_KEY(id);
  WIRE_COMMAND_PACKAGE();
}
template <typename X>
void Map(X& x, D<X, DecideApproval> d, P<X, cs::DecideApproval> p) {
  WIRE_KEY(id);
  WIRE_VALUE(approve);
  WIRE_WORDS(text);
}
template <typename X>
void Map(X& x, D<X, Consult> d, P<X, cs::Consult> p) {
  WIRE_NAME(to_team);
  WIRE_SUBJECT(to_person);
  WIRE_SEALED(sealed_question, kQuestion);
}
template <typename X>
void Map(X& x, D<X, AnswerConsultation> d, P<X, cs::AnswerConsultation> p) {
  WIRE_KEY(id);
  WIRE_SEALED(sealed_answer, kAnswer);
}
template <typename X>
void Map(X& x, D<X, AddNote> d, P<X, cs::AddNote> p) {
  WIRE_ENUM_OR_DEFAULT(visibility);
  WIRE_SEALED(sealed_text, kNote);
  WIRE_VALUE(from_customer);
}
template <typename X>
void Map(X& x, D<X, LogAttempt> d, P<X, cs::LogAttempt> p) {
  WIRE_WORDS(what);
  WIRE_VALUE(worked);
}
template <typename X>
void Map(X& x, D<X, ChangeFacts> d, P<X, cs::ChangeFacts> p) {
  WIRE_TEXTS(fields);
  if constexpr (X::kWrites) {
    Map(x, d.facts, *p.mutable_facts());
  } else {
    x.Changes(p, &d);
  }
}
template <typename X>
void Map(X& x, D<X, SetPriority> d, P<X, cs::SetPriority> p) {
  WIRE_ENUM(priority);
  WIRE_VALUE(release);
  WIRE_WORDS(reason);
}
template <typename X>
void Map(X& x, D<X, Rate> d, P<X, cs::Rate> p) {
  WIRE_NAME(what);
  WIRE_KEY(id);
  WIRE_VALUE(score);
  WIRE_WORDS(text);
}
template <typename X>
void Map(X& x, D<X, Link> d, P<X, cs::Link> p) {
  WIRE_CASE_ID_TEXT(other);
  WIRE_KEY(external);
  WIRE_ENUM_OR_DEFAULT(relation);
}
template <typename X>
void Map(X& x, D<X, Merge> d, P<X, cs::Merge> p) {
  WIRE_CASE_ID_TEXT(into);
  WIRE_WORDS(reason);
}
template <typename X>
void Map(X& x, D<X, AbsorbCrossCase> d, P<X, cs::AbsorbCrossCase> p) {
  WIRE_CASE_ID_TEXT(from);
  WIRE_TEXT(action);
  WIRE_ENUM(relation);
}
template <typename X>
void Map(X&, D<X, RecordCrossCase> d, P<X, cs::RecordCrossCase> p) {
  WIRE_VALUE(intent_version);
  WIRE_VALUE(intent_index);
  WIRE_VALUE(refused);
  WIRE_TEXT(why);
}
template <typename X>
void Map(X& x, D<X, Resolve> d, P<X, cs::Resolve> p) {
  WIRE_ENUM_OR_DEFAULT(cause);
  WIRE_SEALED(sealed_text, kSolution);
}
template <typename X>
void Map(X&, D<X, ConfirmResolution>, P<X, cs::ConfirmResolution>) {}
template <typename X>
void Map(X& x, D<X, RejectResolution> d, P<X, cs::RejectResolution> p) {
  WIRE_WORDS(reason);
}
template <typename X>
void Map(X& x, D<X, Reopen> d, P<X, cs::Reopen> p) {
  WIRE_WORDS(reason);
}
template <typename X>
void Map(X& x, D<X, Close> d, P<X, cs::Close> p) {
  WIRE_WORDS(reason);
}
template <typename X>
void Map(X& x, D<X, Cancel> d, P<X, cs::Cancel> p) {
  WIRE_ENUM_OR_DEFAULT(cause);
  WIRE_CASE_ID_TEXT(other);
  WIRE_WORDS(reason);
}
template <typename X>
void Map(X& x, D<X, SourceEnded> d, P<X, cs::SourceEnded> p) {
  WIRE_VALUE(cleared);
  WIRE_WORDS(text);
}
template <typename X>
void Map(X& x, D<X, SetEta> d, P<X, cs::SetEta> p) {
  WIRE_TIME(eta_at);
  WIRE_SEALED(sealed_text, kEta);
}
template <typename X>
void Map(X& x, D<X, TakeDecision> d, P<X, cs::TakeDecision> p) {
  WIRE_NAME(decision);
  WIRE_STRUCT(amount);
  WIRE_WORDS(text);
}
template <typename X>
void Map(X& x, D<X, AnswerDecision> d, P<X, cs::AnswerDecision> p) {
  WIRE_KEY(id);
  WIRE_VALUE(approve);
  WIRE_WORDS(text);
}
template <typename X>
void Map(X& x, D<X, Migrate> d, P<X, cs::Migrate> p) {
  WIRE_KEY(policy);
}
template <typename X>
void Map(X& x, D<X, RecordMilestone> d, P<X, cs::RecordMilestone> p) {
  WIRE_NAME(name);
  WIRE_WORDS(text);
}

template <typename X>
void Map(X& x, D<X, PlanAction> d, P<X, cs::PlannedAction> p) {
  WIRE_WORDS(what);
  WIRE_WORDS(owner);
  WIRE_TIME(due_at);
}

template <typename X>
void Map(X& x, D<X, Major> d, P<X, cs::Major> p) {
  WIRE_ENUM(action);
  WIRE_ENUM(part);
  WIRE_SUBJECT(person);
  WIRE_KEY(reference);
  WIRE_NAME(channel);
  WIRE_NAME(language);
  if constexpr (X::kWrites) {
    p.set_sealed_contact(d.sealed_contact);
  } else {
    x.Contact(p.person(), p.contact(), p.sealed_contact(), &d.sealed_contact);
  }
  WIRE_SEALED(sealed_text, kMajor);
  WIRE_WORDS(resources);
  WIRE_WORDS(reason);
  WIRE_LIST(actions);
  WIRE_VALUE(agreed);
  WIRE_VALUE(monitoring_hours);
}

}  // namespace escalon::wire
