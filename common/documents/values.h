#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/core/instant.h"
#include "common/documents/fields.h"
#include "common/documents/report.h"
#include "common/domain/civil.h"
#include "common/domain/policy.h"

namespace escalon::documents {

// Readers of single values: each sets `out`, or reports what is wrong and what to write instead and leaves it alone.
// True when set.

bool ReadText(const Value& value, std::string* out);
/// An id: letters, digits and . _ : @ / - ; at most 128 bytes.
bool ReadName(const Value& value, std::string* out);
bool ReadFlag(const Value& value, bool* out);
bool ReadCount(const Value& value, int* out);     ///< 0 …
bool ReadSteps(const Value& value, int* out);     ///< +1, -1
bool ReadPoints(const Value& value, int* out);    ///< -1000 … 1000, of a weighted condition
bool ReadPercent(const Value& value, int* out);   ///< `75%`
bool ReadShare(const Value& value, double* out);  ///< `95%` as 0.95
/// `15m`, `1h30m`; also whole days of 24 hours in front: `2d`, `1d12h`.
bool ReadDuration(const Value& value, DurationMs* out);
/// `15m`; in working days `1bd` or {days: 1, snap: closing}.
bool ReadTarget(const Value& value, Target* out);
/// The same, or `none`.
bool ReadOptionalTarget(const Value& value, std::optional<Target>* out);
bool ReadInstant(const Value& value, InstantMs* out);
bool ReadDate(const Value& value, LocalDate* out);
/// `500 EUR`, `1200.50 EUR`
bool ReadMoney(const Value& value, Money* out);
bool ReadGrade(const Value& value, Grade* out);
bool ReadPriority(const Value& value, Priority* out);

inline bool ReadOptionalInstant(const Value& value, std::optional<InstantMs>* out) {
  return ReadInstant(value, &out->emplace());
}

/// A word of a closed set: `parse(text)` gives an optional. `words` for the message.
template <typename E, typename Parse>
bool ReadWord(const Value& value, E* out, Parse parse, const std::vector<std::string>& words) {
  if (KeyCensus* census = value.report->census()) census->words[value.path].insert(words.begin(), words.end());
  std::string text;
  if (!ReadText(value, &text)) return false;
  const std::optional<E> parsed = parse(text);
  if (parsed) {
    *out = *parsed;
    return true;
  }
  std::string message = "is \"" + text + "\"; write one of";
  for (const std::string& word : words) message += " " + word;
  value.Fault(message + DidYouMean(text, words));
  return false;
}

/// A list, or a single value in its place.
template <typename T, typename Reader>
bool ReadList(const Value& value, std::vector<T>* out, Reader reader) {
  if (value.is_null()) {
    value.Fault("is empty; write a list such as [a, b], or [] for none");
    return false;
  }
  out->clear();
  if (!value.is_list()) {
    T item{};
    if (!reader(value, &item)) return false;
    out->push_back(std::move(item));
    return true;
  }
  bool fine = true;
  for (size_t i = 0; i < value.node->items.size(); ++i) {
    T item{};
    if (reader(value.At(i), &item)) {
      out->push_back(std::move(item));
    } else {
      fine = false;
    }
  }
  return fine;
}
bool ReadTexts(const Value& value, std::vector<std::string>* out);
bool ReadNames(const Value& value, std::vector<std::string>* out);

/// A map whose keys are priorities, rather than one value that happens to be a map.
bool NamesPriorities(const Value& value);
/// One value for all priorities, or {P1: …, default: …}. What is not said keeps what it was; true when all four were
/// said.
template <typename T, typename Reader>
bool ReadPerPriority(const Value& value, PerPriority<T>* out, Reader reader) {
  if (!NamesPriorities(value)) {
    T all{};
    if (!reader(value, &all)) return false;
    out->values.fill(all);
    return true;
  }
  bool all_said = true;
  Fields fields(value);
  T fallback{};
  const std::optional<Value> by_default = fields.Take("default");
  const bool has_default = by_default && reader(*by_default, &fallback);
  for (const Priority priority : {Priority::kP1, Priority::kP2, Priority::kP3, Priority::kP4}) {
    T own{};
    const std::optional<Value> said = fields.Take(Name(priority));
    if (said ? reader(*said, &own) : has_default) {
      out->of(priority) = said ? own : fallback;
    } else if (!said && !by_default) {
      all_said = false;
    }
  }
  return all_said;
}
/// The same where each priority needs a value.
template <typename T, typename Reader>
void ReadEachPriority(const Value& value, PerPriority<T>* out, Reader reader) {
  if (ReadPerPriority(value, out, reader) || !NamesPriorities(value)) return;
  value.Fault("does not say something for every priority; name P1 to P4, or add default");
}

}  // namespace escalon::documents
