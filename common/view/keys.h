#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "common/core/ids.h"
#include "common/core/instant.h"

namespace escalon {
struct Case;
}

namespace escalon::view {

inline constexpr int kKeyHours =
    74;  ///< idempotency keys live 72 h: hours, from the present one, that any may expire in

/// The Redis keys of one shard (DESIGN §11): `{g1.s07}:` and a suffix; the tag is the only braces, so all are in one
/// slot.
class ShardKeys {
 public:
  ShardKeys(int generation, int shard);
  const std::string& tag() const { return tag_; }         ///< `{g1.s07}:`
  std::string at() const { return tag_ + "at"; }          ///< hash: offset, epoch, owner, seq (or `rebuilding`)
  std::string due() const { return tag_ + "due"; }        ///< zset: case id (hex) by the instant of its next alarm
  std::string all() const { return tag_ + "all"; }        ///< zset: every case of the shard by the instant of opening
  std::string unique() const { return tag_ + "unique"; }  ///< hash: index key without the tag, by case id (hex)
  std::string names() const { return tag_ + "names"; }    ///< set: every index key in use
  std::string of_case(const CaseId& id) const;            ///< `c:<id>`: the snapshot
  std::string history(const CaseId& id) const;            ///< `h:<id>`: list of the last 200 batches
  std::string keys_of_hour(
      InstantMs at) const;  ///< `k:<hour>`: hash of idempotency fingerprints, named by the hour they expire
  std::string index(std::string_view name, std::string_view value) const {
    return tag_ + "ix:" + std::string(name) + ":" + std::string(value);
  }

 private:
  std::string tag_;
};

/// A place of a case in one index: key suffix `ix:<name>:<tenant>/<value>` and score.
struct IndexEntry {
  std::string key;  ///< without the tag
  double score = 0;
  /// At most one case stands in it (the source's own number, a dedup key): a field of the shard's one hash `unique`,
  /// not a list of its own.
  bool unique = false;
  auto operator<=>(const IndexEntry&) const = default;
};

/// Every list that a case stands in: state, team, person, dedup key, priority (by the next promise that is due),
/// requester, service, ref (the source's own number), customer. All but `priority` are ordered by the instant of
/// opening.
std::vector<IndexEntry> IndexesOf(const Case& c);
/// Whether the index of this key (without the tag) is one of the unique ones.
bool IsUniqueIndex(std::string_view key);
/// `ix:<name>:<tenant>/<value>`, as IndexesOf writes it.
std::string IndexKey(std::string_view name, std::string_view tenant, std::string_view value);
std::string HexOf(const CaseId& id);  ///< 32 hex digits, without dashes

}  // namespace escalon::view
