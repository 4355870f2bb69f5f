#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "common/core/result.h"

namespace escalon {

/// Bytes that must not be printed, logged or left in memory: wiped when it goes. There is no operator<< on purpose.
class Secret {
 public:
  Secret() = default;
  explicit Secret(std::string bytes) : bytes_(std::move(bytes)) {}
  Secret(const Secret&) = default;
  Secret(Secret&& other) noexcept;
  Secret& operator=(Secret other) noexcept;
  ~Secret();
  std::string_view Reveal() const { return bytes_; }
  bool empty() const { return bytes_.empty(); }

 private:
  std::string bytes_;
};

/// Reads a configuration or secrets file whole. Errors name `field` (the setting that holds the path) and the path:
/// absent, not a regular file, larger than `max_bytes`, or with rights that anybody could use:
/// `private_file` refuses a file that others may read, and every file is refused that others may write.
Result<std::string> ReadGuardedFile(std::string_view field, const std::string& path, size_t max_bytes,
                                    bool private_file);

struct NamedKey {
  std::string id;  ///< IdKind::kName, ≤ 16 bytes
  Secret key;      ///< ≥ 32 bytes
};

/// Keys for one purpose. The first one makes, every one verifies: put a new key in front to rotate, and remove the old
/// one when nothing made with it is of use any more. Immutable; any thread.
///
/// File: one key a line, `<id> <base64 of at least 32 random bytes>`; empty lines and lines that start with # are free.
class KeyRing {
 public:
  /// Errors name `field` and the line: bad id, bad base64, too short, too uniform to be random, an id twice, no key.
  static Result<KeyRing> Parse(std::string_view field, std::string_view text);
  static Result<KeyRing> Load(std::string_view field, const std::string& path);
  static Result<KeyRing> Of(std::string_view field, std::vector<NamedKey> keys);

  const NamedKey& current() const { return keys_.front(); }
  const NamedKey* Find(std::string_view id) const;

 private:
  explicit KeyRing(std::vector<NamedKey> keys) : keys_(std::move(keys)) {}
  std::vector<NamedKey> keys_;
};

/// A line for a key ring's file with a fresh key of 32 random bytes, newline included.
std::string NewKeyRingLine(std::string_view id);

/// Lower-case hexadecimal only, so that one value has one text.
bool FromHex(std::string_view text, std::string* bytes);

}  // namespace escalon
