#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace escalon::calc {

/// A JSON value as a query has it or an answer shows it. Objects keep the order of their keys, numbers that are no
/// int64 keep their text, so that what is repeated is repeated exactly.
struct Json {
  enum class Kind : uint8_t { kNull, kBool, kInteger, kNumber, kString, kArray, kObject };

  Json() = default;
  Json(bool value) : kind(Kind::kBool), flag(value) {}                      // NOLINT: implicit on purpose
  Json(int value) : kind(Kind::kInteger), integer(value) {}                 // NOLINT
  Json(int64_t value) : kind(Kind::kInteger), integer(value) {}             // NOLINT
  Json(std::string value) : kind(Kind::kString), text(std::move(value)) {}  // NOLINT
  Json(std::string_view value) : kind(Kind::kString), text(value) {}        // NOLINT
  Json(const char* value) : kind(Kind::kString), text(value) {}             // NOLINT
  static Json Array() { return OfKind(Kind::kArray); }
  static Json Object() { return OfKind(Kind::kObject); }
  /// A number that is no int64: its value and its text.
  static Json Number(double value, std::string text);

  bool is(Kind wanted) const { return kind == wanted; }
  /// The first value of a key; null without it. Objects only.
  const Json* Find(std::string_view key) const;
  /// Appends a member of an object.
  Json& Set(std::string key, Json value);

  Kind kind = Kind::kNull;
  bool flag = false;
  int64_t integer = 0;
  double number = 0;               ///< of kNumber
  std::string text;                ///< of kString; of kNumber as it was written
  std::vector<Json> items;         ///< of an array; of an object the values
  std::vector<std::string> keys;   ///< of an object, beside `items`
  std::optional<size_t> repeated;  ///< place of the first key of an object that was there before

 private:
  static Json OfKind(Kind kind);
};

/// One whole line. None when it is no JSON in UTF-8, holds a NUL or a number beyond a double, or is more than
/// `most_levels` deep; `problem` then says which.
std::optional<Json> ParseJson(std::string_view text, int most_levels, std::string* problem);

/// On one line, in UTF-8, without spaces.
std::string WriteJson(const Json& json);

}  // namespace escalon::calc
