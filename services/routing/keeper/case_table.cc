#include "services/routing/keeper/case_table.h"

#include <algorithm>
#include <cassert>
#include <cstring>

#include "common/core/digest.h"
#include "common/wire/snapshot_codec.h"

namespace escalon::routing {
namespace {

std::string OpenKey(std::string_view tenant, std::string_view dedup_key) {
  std::string key(tenant);
  key += '\0';
  return key.append(dedup_key);
}

/// A dedup key finds its case until it has ended. A quarantined one takes in nothing: who reports again is heard by a
/// new case.
bool HoldsDedupKey(const Case* c) {
  return c != nullptr && !c->dedup_key.empty() && !IsEnded(c->state) && !c->retired && c->quarantined.empty();
}

}  // namespace

Bytes16 KeyFingerprint(std::string_view tenant, std::string_view source, std::string_view key) {
  Sha256 sha;
  for (const std::string_view part : {tenant, source, key}) sha.AddBe32(static_cast<uint32_t>(part.size())).Add(part);
  const Digest digest = sha.Finish();
  Bytes16 out;
  std::copy_n(digest.begin(), out.size(), out.begin());
  return out;
}

size_t CaseTable::KeyHash::operator()(const Bytes16& b) const {
  size_t out;
  std::memcpy(&out, b.data(), sizeof out);  // a fingerprint is random
  return out;
}

CaseTable::Slot& CaseTable::Awake(const CaseId& id, Slot& slot) const {
  if (slot.packed.empty()) {
    awake_.splice(awake_.end(), awake_, slot.place);
    return slot;
  }
  Result<Case> c = wire::DecodeCase(press_.Unpack(slot.packed));
  assert(c.ok());  // its own bytes, or bytes that were read once
  slot.entry.decided = slot.entry.counted = std::make_shared<const Case>(std::move(*c));
  slot.packed = {};
  slot.place = awake_.insert(awake_.end(), id);
  return slot;
}

const CaseTable::Entry* CaseTable::Find(const CaseId& id) const {
  const auto found = slots_.find(id);
  return found == slots_.end() ? nullptr : &Awake(id, found->second).entry;
}

std::shared_ptr<const Case> CaseTable::Peek(const CaseId& id) const {
  const auto found = slots_.find(id);
  if (found == slots_.end()) return nullptr;
  if (found->second.packed.empty()) return found->second.entry.counted;
  return std::make_shared<const Case>(*wire::DecodeCase(press_.Unpack(found->second.packed)));
}

std::optional<CaseTable::Snapshot> CaseTable::SnapshotOf(const CaseId& id) const {
  const auto found = slots_.find(id);
  if (found == slots_.end()) return std::nullopt;
  if (!found->second.packed.empty()) {
    std::string bytes = press_.Unpack(found->second.packed);
    wire::SnapshotHead head = wire::HeadOfSnapshot(bytes);
    return Snapshot{std::move(head.tenant), head.version, std::move(bytes)};
  }
  const Case* decided = found->second.entry.decided.get();
  if (decided == nullptr || decided->retired) return std::nullopt;
  return Snapshot{decided->tenant, decided->version, wire::EncodeCase(*decided)};
}

const LiveKey* CaseTable::FindKey(const Bytes16& fingerprint) const {
  const auto found = keys_.find(fingerprint);
  return found == keys_.end() ? nullptr : &found->second;
}

CaseId CaseTable::FindOpen(std::string_view tenant, std::string_view dedup_key) const {
  if (dedup_key.empty()) return CaseId{};
  const auto found = open_.find(OpenKey(tenant, dedup_key));
  return found == open_.end() ? CaseId{} : found->second;
}

void CaseTable::ReindexOpen(const Case* before, const Case* after) {
  const bool held = HoldsDedupKey(before), holds = HoldsDedupKey(after);
  if (held == holds) return;
  if (holds) {
    open_[OpenKey(after->tenant, after->dedup_key)] = after->id;
    return;
  }
  const auto found = open_.find(OpenKey(before->tenant, before->dedup_key));
  if (found != open_.end() && found->second == before->id) open_.erase(found);
}

void CaseTable::Reindex(const Case* before, const Case* after) {
  const InstantMs was = before != nullptr ? before->next_due_at() : kNever;
  const InstantMs is = !after->retired ? after->next_due_at() : kNever;
  if (was != is) {
    if (was != kNever) due_.erase({was, after->id});
    if (is != kNever) due_.emplace(is, after->id);
  }
  const auto keep = [&](std::set<CaseId>* ids, bool in) {
    if (in && !after->retired) {
      ids->insert(after->id);
    } else if (!ids->empty()) {
      ids->erase(after->id);
    }
  };
  keep(&quarantined_, !after->quarantined.empty());
  keep(&owing_, !after->cross_case.empty());
  if (on_moved_) on_moved_(before, after);
}

void CaseTable::Erase(std::unordered_map<CaseId, Slot>::iterator at) {
  if (at->second.packed.empty()) awake_.erase(at->second.place);
  slots_.erase(at);
}

void CaseTable::Decided(std::shared_ptr<const Case> after, const LiveKey* key) {
  const auto [at, is_new] = slots_.try_emplace(after->id);
  Slot& slot = at->second;
  if (is_new) slot.place = awake_.insert(awake_.end(), after->id);
  Entry& entry = Awake(after->id, slot).entry;
  ReindexOpen(entry.decided.get(), after.get());
  entry.decided = std::move(after);
  if (key != nullptr) PutKey(*key);
}

std::shared_ptr<const Case> CaseTable::Counted(std::shared_ptr<const Case> after) {
  const auto found = slots_.find(after->id);
  if (found == slots_.end()) return nullptr;
  Entry& entry = Awake(after->id, found->second).entry;
  std::shared_ptr<const Case> before = std::move(entry.counted);
  Reindex(before.get(), after.get());
  if (after->retired && entry.decided == after) {
    Erase(found);
    return before;
  }
  entry.counted = std::move(after);
  return before;
}

void CaseTable::Put(std::shared_ptr<const Case> c) {
  const auto [at, is_new] = slots_.try_emplace(c->id);
  Slot& slot = at->second;
  if (is_new) slot.place = awake_.insert(awake_.end(), c->id);
  Entry& entry = Awake(c->id, slot).entry;
  ReindexOpen(entry.decided.get(), c.get());
  Reindex(entry.counted.get(), c.get());
  if (c->retired) return Erase(at);
  entry.decided = entry.counted = std::move(c);
}

Status CaseTable::PutSnapshot(std::string_view snapshot) {
  Result<Case> c = wire::DecodeCase(snapshot);
  if (!c.ok()) return c.error();
  if (c->retired || slots_.contains(c->id)) {
    Put(std::make_shared<const Case>(std::move(*c)));
    return {};
  }
  ReindexOpen(nullptr, &*c);
  Reindex(nullptr, &*c);
  slots_[c->id].packed = press_.Pack(snapshot);
  return {};
}

void CaseTable::Rest(size_t most_awake) {
  // Each is looked at once at most: those with something pending go to the end.
  for (size_t n = awake_.size(); n > 0 && awake_.size() > most_awake; --n) {
    Slot& slot = slots_.at(awake_.front());
    if (slot.entry.counted == nullptr || slot.entry.decided != slot.entry.counted) {
      awake_.splice(awake_.end(), awake_, awake_.begin());
      continue;
    }
    slot.packed = press_.Pack(wire::EncodeCase(*slot.entry.counted));
    slot.entry = {};
    awake_.pop_front();
  }
}

void CaseTable::WakeDue(InstantMs until, size_t most) {
  std::vector<CaseId> due;
  for (const auto& [at, id] : due_) {
    if (at > until) break;
    if (!slots_.at(id).packed.empty() && most-- == 0) break;
    due.push_back(id);
  }
  // The soonest is used last, so that it is the last to rest.
  for (auto id = due.rbegin(); id != due.rend(); ++id) Find(*id);
}

void CaseTable::PutKey(const LiveKey& key) {
  if (keys_.insert_or_assign(key.fingerprint, key).second) key_expiry_.emplace(key.expires_at, key.fingerprint);
}

std::shared_ptr<const Case> CaseTable::Quarantine(const CaseId& id, const std::string& tenant, std::string why) {
  const Entry* entry = Find(id);
  auto marked = entry != nullptr && entry->counted != nullptr ? std::make_shared<Case>(*entry->counted)
                                                              : std::make_shared<Case>();
  marked->id = id;
  marked->tenant = tenant;
  if (marked->version == 0) marked->version = 1;  // its opening could not be read; a case without a version is none
  marked->quarantined = std::move(why);
  Put(marked);
  return marked;
}

void CaseTable::Clear() {
  OnMoved on_moved = std::move(on_moved_);
  *this = CaseTable(std::move(on_moved));
  if (on_moved_) on_moved_(nullptr, nullptr);
}

std::vector<std::shared_ptr<const Case>> CaseTable::Due(InstantMs until, size_t limit) const {
  std::vector<std::shared_ptr<const Case>> out;
  for (const auto& [at, id] : due_) {
    if (at > until || out.size() >= limit) break;
    const Entry* entry = Find(id);
    if (entry != nullptr && entry->counted != nullptr) out.push_back(entry->counted);
  }
  return out;
}

std::vector<CaseId> CaseTable::Ids() const {
  std::vector<CaseId> out;
  out.reserve(slots_.size());
  for (const auto& [id, slot] : slots_) out.push_back(id);
  return out;
}

std::vector<LiveKey> CaseTable::Keys(InstantMs now) const {
  std::vector<LiveKey> out;
  for (const auto& [fingerprint, key] : keys_) {
    const auto found = slots_.find(key.case_id);
    const bool decided_only =
        found != slots_.end() && found->second.packed.empty() && found->second.entry.counted == nullptr;
    if (key.expires_at > now && !decided_only) out.push_back(key);
  }
  return out;
}

void CaseTable::ExpireKeys(InstantMs now) {
  while (!key_expiry_.empty() && key_expiry_.begin()->first <= now) {
    keys_.erase(key_expiry_.begin()->second);
    key_expiry_.erase(key_expiry_.begin());
  }
}

}  // namespace escalon::routing
