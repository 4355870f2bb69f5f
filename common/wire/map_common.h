#pragma once

#include "common/domain/actor.h"
#include "common/domain/clock_run.h"
#include "common/domain/facts.h"
#include "common/domain/major.h"
#include "common/domain/money.h"
#include "common/domain/standing.h"
#include "common/wire/mapping.h"
#include "escalon/common/v1/types.pb.h"

/// The small values of escalon.common.v1. Private to the room.
namespace escalon::wire {

namespace cm = ::escalon::common::v1;

template <typename X>
void Map([[maybe_unused]] X& x, D<X, Actor> d, P<X, cm::Actor> p) {
  WIRE_TEXT(tenant);
  WIRE_TEXT(subject);
  WIRE_TEXTS(roles);
  WIRE_ENUM(kind);
}

template <typename X>
void Map(X& x, D<X, TraceLine> d, P<X, cm::TraceLine> p) {
  WIRE_TEXT(rule);
  WIRE_TEXT(outcome);
  if constexpr (X::kWrites) {
    for (const auto& [key, value] : d.saw) {
      cm::Entry& entry = *p.add_saw();
      PutText(key, entry.mutable_key());
      PutText(value, entry.mutable_value());
    }
  } else {
    if (!x.Items("saw", p.saw_size())) return;
    d.saw.reserve(static_cast<size_t>(p.saw_size()));
    for (const cm::Entry& entry : p.saw()) d.saw.emplace_back(entry.key(), entry.value());
  }
}

template <typename X>
void Map(X&, D<X, Party> d, P<X, cm::Party> p) {
  WIRE_TEXT(subject);
  WIRE_VALUE(sealed_name);
  WIRE_VALUE(sealed_contact);
  WIRE_TEXT(language);
  WIRE_VALUE(vip);
}

template <typename X>
void Map(X& x, D<X, Facts> d, P<X, cm::Facts> p) {
  WIRE_TEXT(kind);
  WIRE_TEXT(title);
  WIRE_VALUE(sealed_text);
  WIRE_TEXT(service);
  WIRE_TEXT(category);
  WIRE_TEXT(region);
  WIRE_TEXT(residency);
  WIRE_TEXT(customer);
  WIRE_TEXT(contract);
  WIRE_TEXT(source);
  WIRE_TEXT(external_ref);
  WIRE_TEXT(external_url);
  WIRE_ENUM(impact);
  WIRE_ENUM(urgency);
  WIRE_ENUM(risk);
  WIRE_ENUM(business_value);
  WIRE_VALUE(proactive);
  WIRE_VALUE(restricted);
  WIRE_STRUCT(reporter);
  WIRE_STRUCT(requester);
  WIRE_TEXTS(tags);
  WIRE_TEXTS(skills);
  WIRE_ENTRIES(labels);
  WIRE_MILLIS(occurred_at);
}

template <typename X>
void Map(X&, D<X, Target> d, P<X, cm::Target> p) {
  WIRE_MILLIS(span);
  WIRE_VALUE(business_days);
  WIRE_VALUE(snap_to_close);
}

inline void PutPlace(const WarningRule& place, cm::Alarm* out) {
  switch (place.kind) {
    case WarningRule::Kind::kShare:
      return out->set_percent(place.percent());
    case WarningRule::Kind::kBefore:
      return out->set_before_ms(place.value);
    case WarningRule::Kind::kAfter:
      return out->set_after_ms(place.value);
    case WarningRule::Kind::kBeforeDays:
      return out->set_before_days(static_cast<int32_t>(place.value));
    case WarningRule::Kind::kAfterDays:
      return out->set_after_days(static_cast<int32_t>(place.value));
  }
}

inline WarningRule PlaceOf(const cm::Alarm& p) {
  using Kind = WarningRule::Kind;
  switch (p.offset_case()) {
    case cm::Alarm::kBeforeMs:
      return {Kind::kBefore, p.before_ms()};
    case cm::Alarm::kAfterMs:
      return {Kind::kAfter, p.after_ms()};
    case cm::Alarm::kBeforeDays:
      return {Kind::kBeforeDays, p.before_days()};
    case cm::Alarm::kAfterDays:
      return {Kind::kAfterDays, p.after_days()};
    case cm::Alarm::OFFSET_NOT_SET:
      break;
  }
  return WarningRule::Percent(p.percent());
}

template <typename X>
void Map(X& x, D<X, Alarm> d, P<X, cm::Alarm> p) {
  WIRE_MILLIS(at);
  WIRE_ENUM(kind);
  if constexpr (X::kWrites) {
    PutPlace(d.place, &p);
  } else {
    d.place = PlaceOf(p);
  }
  WIRE_TEXT(trigger);
}

template <typename X>
void Map(X&, D<X, PauseSpan> d, P<X, cm::PauseSpan> p) {
  WIRE_MILLIS(from);
  WIRE_MILLIS(to);
}

template <typename X>
void Map(X&, D<X, StandingPause> d, P<X, cm::StandingPause> p) {
  WIRE_TEXT(reason);
  WIRE_MILLIS(from);
  WIRE_MILLIS(to);
}
template <typename X>
void Map(X&, D<X, StandingClock> d, P<X, cm::StandingClock> p) {
  WIRE_TEXT(name);
  WIRE_MILLIS(started_at);
}
template <typename X>
void Map(X& x, D<X, Standing> d, P<X, cm::Standing> p) {
  WIRE_ENUM(priority);
  WIRE_TEXT(level);
  WIRE_TEXT(team);
  WIRE_TEXT(person);
  WIRE_MILLIS(opened_at);
  WIRE_MILLIS(acknowledged_at);
  WIRE_MILLIS(responded_at);
  WIRE_TEXT(pending);
  WIRE_MILLIS(pending_since);
  WIRE_VALUE(escalations);
  WIRE_VALUE(reassignments);
  WIRE_VALUE(reopens);
  WIRE_LIST(pauses);
  WIRE_LIST(clocks);
}

template <typename X>
void Map(X&, D<X, Money> d, P<X, cm::Money> p) {
  WIRE_VALUE(minor);
  WIRE_TEXT(currency);
}

template <typename X>
void Map(X&, D<X, ClockLeg> d, P<X, cm::ClockLeg> p) {
  WIRE_TEXT(calendar);
  WIRE_MILLIS(until);
}

template <typename X>
void Map(X& x, D<X, ClockRun> d, P<X, cm::ClockRun> p) {
  WIRE_TEXT(name);
  WIRE_VALUE(generation);
  WIRE_TEXT(calendar);
  WIRE_MILLIS(started_at);
  WIRE_STRUCT(target);
  WIRE_MILLIS(due_at);
  WIRE_LIST(alarms);
  WIRE_LIST(pauses);
  WIRE_MILLIS(paused_since);
  WIRE_MILLIS(breached_at);
  WIRE_LIST(legs);
  WIRE_STRUCT(penalty);
}

template <typename X>
void Map(X&, D<X, PlanAction> d, P<X, cm::PlanAction> p) {
  WIRE_TEXT(what);
  WIRE_TEXT(owner);
  WIRE_MILLIS(due_at);
}

/// The stored form of a package: sealed, by name.
template <typename X, typename Messages>
void MapPackage(X& x, const char* field, D<X, HandoverPackage> package, Messages& messages) {
  if constexpr (X::kWrites) {
    messages.Reserve(static_cast<int>(package.fields.size()));
    for (const auto& [name, sealed] : package.fields) {
      cm::PackageField& entry = *messages.Add();
      PutText(name, entry.mutable_name());
      entry.set_sealed_text(sealed);
    }
  } else {
    if (!x.Items(field, messages.size())) return;
    for (const cm::PackageField& entry : messages) {
      if (!entry.text().empty()) x.Fail(field, "has plain text; only sealed text may be here");
      if (!package.fields.emplace(entry.name(), entry.sealed_text()).second) {
        x.Fail(field, "has one name twice; give each field once");
      }
    }
  }
}
#define WIRE_PACKAGE()                                                         \
  do {                                                                         \
    if constexpr (X::kWrites) {                                                \
      MapPackage(x, "package_fields", d.package, *p.mutable_package_fields()); \
    } else {                                                                   \
      MapPackage(x, "package_fields", d.package, p.package_fields());          \
    }                                                                          \
  } while (false)

}  // namespace escalon::wire
