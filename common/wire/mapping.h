#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "common/core/ids.h"
#include "common/core/instant.h"
#include "common/core/result.h"
#include "common/domain/event.h"
#include "common/domain/vocabulary.h"
#include "common/wire/utf8.h"

/// How this room translates: every struct has one function template `Map(x, d, p)` that names each of its fields once
/// and works both ways. With a Writer, `d` is read and `p`, an empty message, is written; with a Reader it is the other
/// way round. So a field cannot be encoded and forgotten on the way back. Private to the room; included by .cc files
/// only.
namespace escalon::wire {

/// Items in all lists of one message together: a small hostile input must not become a large value.
inline constexpr size_t kMaxItems = 65'536;
/// Of one input, so many faults are told.
inline constexpr size_t kMaxViolations = 16;

/// The numbers of an enum, which have no gaps.
template <typename E>
struct EnumRange;
#define WIRE_ENUM_RANGE(E, first, last)                       \
  template <>                                                 \
  struct EnumRange<E> {                                       \
    static constexpr int kFirst = static_cast<int>(E::first); \
    static constexpr int kLast = static_cast<int>(E::last);   \
  }
WIRE_ENUM_RANGE(CaseState, kNew, kCancelled);
WIRE_ENUM_RANGE(Priority, kUnset, kP4);
WIRE_ENUM_RANGE(Grade, kUnset, kLow);
WIRE_ENUM_RANGE(Track, kFunctional, kHierarchical);
WIRE_ENUM_RANGE(ActorKind, kHuman, kService);
WIRE_ENUM_RANGE(EscalationReason, kNoAcknowledgement, kManual);
WIRE_ENUM_RANGE(AssignMode, kPush, kPull);
WIRE_ENUM_RANGE(ResolutionCause, kFixed, kNoFault);
WIRE_ENUM_RANGE(CloseCause, kConfirmed, kNoConfirmationNeeded);
WIRE_ENUM_RANGE(CancelCause, kDuplicate, kMerged);
WIRE_ENUM_RANGE(ReopenCause, kRejectedByRequester, kUndo);
WIRE_ENUM_RANGE(LinkRelation, kParent, kOtherFace);
WIRE_ENUM_RANGE(Visibility, kInternal, kPublic);
WIRE_ENUM_RANGE(Audience, kOwner, kStep);
WIRE_ENUM_RANGE(IntentPurpose, kPage, kInform);
WIRE_ENUM_RANGE(MessageUrgency, kByPriority, kLow);
WIRE_ENUM_RANGE(AlarmKind, kWarning, kTrigger);
WIRE_ENUM_RANGE(HandoverState, kOffered, kAskedForMore);
WIRE_ENUM_RANGE(ApprovalOutcome, kApproved, kNotRatified);
WIRE_ENUM_RANGE(MajorAction, kOpen, kCaughtUp);
WIRE_ENUM_RANGE(MajorPart, kUnset, kRequest);
WIRE_ENUM_RANGE(OutcomeKind, kOpened, kAwaitsApproval);
#undef WIRE_ENUM_RANGE

/// Domain to message. Cannot fail: text that is not UTF-8 is mended.
class Writer {
 public:
  static constexpr bool kWrites = true;
  template <typename T>
  using Domain = const T;
  template <typename T>
  using Message = T;
};

/// Message to domain. The first fault of a field is kept with its path; reading goes on, so that all faults are told.
class Reader {
 public:
  static constexpr bool kWrites = false;
  template <typename T>
  using Domain = T;
  template <typename T>
  using Message = const T;

  /// `root` is put before every path; empty: nothing. Must outlive the reader.
  explicit Reader(std::string_view root = {}) : root_(root) {}

  bool ok() const { return violations_.empty(); }
  /// Only when not ok().
  Error TakeError();
  /// `Error::detail` of the error to come.
  void set_detail(std::string_view detail) { detail_ = detail; }

  /// Into a message field; `index` -1: not of a list. Every Enter has its Leave.
  void Enter(const char* field, int index = -1) { path_.emplace_back(field, index); }
  void Leave() { path_.pop_back(); }

  void Fail(std::string_view field, std::string message);
  /// Takes over what another room found wrong with the text of a field: its path is put right.
  void Fail(std::string_view field, const Error& error);
  std::string PathOf(std::string_view field) const;

  template <typename E, typename P>
  void Enum(const char* field, P number, E* out) {
    const int n = static_cast<int>(number);
    if (n < EnumRange<E>::kFirst || n > EnumRange<E>::kLast) return FailEnum(field, n, EnumRange<E>::kLast);
    *out = static_cast<E>(n);
  }
  void Id(const char* field, std::string_view bytes, CaseId* out);
  void IdText(const char* field, std::string_view text, CaseId* out);
  /// False (and a fault) when the input has more items than is sane.
  bool Items(const char* field, int count);

  /// Hooks of readers that judge what a client wrote; a reader of stored bytes takes any text.
  void CheckName(const char*, std::string_view) {}
  void CheckSubject(const char*, std::string_view) {}
  void CheckKey(const char*, std::string_view) {}
  void CheckWords(const char*, std::string_view) {}

 private:
  void FailEnum(const char* field, int number, int last);

  std::string_view root_;
  std::vector<std::pair<const char*, int>> path_;
  std::vector<FieldViolation> violations_;
  std::string detail_;
  size_t items_left_ = kMaxItems;
};

template <typename X, typename T>
using D = typename X::template Domain<T>&;
template <typename X, typename T>
using P = typename X::template Message<T>&;

inline void PutText(std::string_view from, std::string* to) { AssignUtf8(from, to); }

template <typename X, typename Values, typename Messages>
void MapList(X& x, const char* field, Values& values, Messages& messages) {
  if constexpr (X::kWrites) {
    messages.Reserve(static_cast<int>(values.size()));
    for (const auto& value : values) Map(x, value, *messages.Add());
  } else {
    if (!x.Items(field, messages.size())) return;
    values.reserve(static_cast<size_t>(messages.size()));
    for (int i = 0; i < messages.size(); ++i) {
      x.Enter(field, i);
      Map(x, values.emplace_back(), messages.Get(i));
      x.Leave();
    }
  }
}

template <typename X, typename Texts, typename Strings>
void MapTexts(X& x, const char* field, Texts& texts, Strings& strings) {
  if constexpr (X::kWrites) {
    strings.Reserve(static_cast<int>(texts.size()));
    for (const auto& text : texts) PutText(text, strings.Add());
  } else {
    if (!x.Items(field, strings.size())) return;
    texts.assign(strings.begin(), strings.end());
  }
}

/// A map as a list in the order of its keys; a key twice is a fault.
template <typename X, typename Entries, typename Messages>
void MapEntries(X& x, const char* field, Entries& entries, Messages& messages) {
  if constexpr (X::kWrites) {
    messages.Reserve(static_cast<int>(entries.size()));
    for (const auto& [key, value] : entries) {
      auto& entry = *messages.Add();
      PutText(key, entry.mutable_key());
      PutText(value, entry.mutable_value());
    }
  } else {
    if (!x.Items(field, messages.size())) return;
    for (const auto& entry : messages) {
      if (!entries.emplace(entry.key(), entry.value()).second) x.Fail(field, "has one key twice; give each key once");
    }
  }
}

}  // namespace escalon::wire

// One line a field, inside a Map(X& x, D<X, …> d, P<X, …> p). The name is the one of both sides.
#define WIRE_TEXT(f)                                   \
  do {                                                 \
    if constexpr (X::kWrites) {                        \
      if (!d.f.empty()) PutText(d.f, p.mutable_##f()); \
    } else {                                           \
      d.f = p.f();                                     \
    }                                                  \
  } while (false)
#define WIRE_CHECKED(check, f)                     \
  do {                                             \
    WIRE_TEXT(f);                                  \
    if constexpr (!X::kWrites) x.check(#f, p.f()); \
  } while (false)
// Texts that a client's reader judges: an id of a policy or roster, an id of a person, a foreign key, a text in words.
#define WIRE_NAME(f) WIRE_CHECKED(CheckName, f)
#define WIRE_SUBJECT(f) WIRE_CHECKED(CheckSubject, f)
#define WIRE_KEY(f) WIRE_CHECKED(CheckKey, f)
#define WIRE_WORDS(f) WIRE_CHECKED(CheckWords, f)
// Numbers, flags and bytes as they are.
#define WIRE_VALUE(f)           \
  do {                          \
    if constexpr (X::kWrites) { \
      p.set_##f(d.f);           \
    } else {                    \
      d.f = p.f();              \
    }                           \
  } while (false)
// Instants and spans: `due_at` is `due_at_ms` in the message.
#define WIRE_MILLIS(f)          \
  do {                          \
    if constexpr (X::kWrites) { \
      p.set_##f##_ms(d.f);      \
    } else {                    \
      d.f = p.f##_ms();         \
    }                           \
  } while (false)
#define WIRE_ENUM(f)                                \
  do {                                              \
    if constexpr (X::kWrites) {                     \
      p.set_##f(static_cast<decltype(p.f())>(d.f)); \
    } else {                                        \
      x.Enum(#f, p.f(), &d.f);                      \
    }                                               \
  } while (false)
// The same, where 0 stands for the domain's default.
#define WIRE_ENUM_OR_DEFAULT(f)                     \
  do {                                              \
    if constexpr (X::kWrites) {                     \
      p.set_##f(static_cast<decltype(p.f())>(d.f)); \
    } else {                                        \
      if (p.f() != 0) x.Enum(#f, p.f(), &d.f);      \
    }                                               \
  } while (false)
#define WIRE_CASE_ID(f)                                        \
  do {                                                         \
    if constexpr (X::kWrites) {                                \
      if (!d.f.empty()) p.set_##f(std::string(d.f.AsBytes())); \
    } else {                                                   \
      x.Id(#f, p.f(), &d.f);                                   \
    }                                                          \
  } while (false)
#define WIRE_CASE_ID_TEXT(f)                       \
  do {                                             \
    if constexpr (X::kWrites) {                    \
      if (!d.f.empty()) p.set_##f(d.f.ToString()); \
    } else {                                       \
      x.IdText(#f, p.f(), &d.f);                   \
    }                                              \
  } while (false)
// A struct; left out when it says nothing but its defaults.
#define WIRE_STRUCT(f)                                                                \
  do {                                                                                \
    if constexpr (X::kWrites) {                                                       \
      if (d.f != std::remove_cvref_t<decltype(d.f)>{}) Map(x, d.f, *p.mutable_##f()); \
    } else {                                                                          \
      if (p.has_##f()) {                                                              \
        x.Enter(#f);                                                                  \
        Map(x, d.f, p.f());                                                           \
        x.Leave();                                                                    \
      }                                                                               \
    }                                                                                 \
  } while (false)
#define WIRE_REPEATED(mapper, f)            \
  do {                                      \
    if constexpr (X::kWrites) {             \
      mapper(x, #f, d.f, *p.mutable_##f()); \
    } else {                                \
      mapper(x, #f, d.f, p.f());            \
    }                                       \
  } while (false)
#define WIRE_LIST(f) WIRE_REPEATED(MapList, f)
#define WIRE_TEXTS(f) WIRE_REPEATED(MapTexts, f)
#define WIRE_ENTRIES(f) WIRE_REPEATED(MapEntries, f)
