#include "services/routing/keeper/case_table.h"

#include <algorithm>
#include <cstring>

#include "common/core/digest.h"

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

const CaseTable::Entry* CaseTable::Find(const CaseId& id) const {
  const auto found = cases_.find(id);
  return found == cases_.end() ? nullptr : &found->second;
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
  const InstantMs is = after != nullptr && !after->retired ? after->next_due_at() : kNever;
  if (was == is) return;
  const CaseId id = after != nullptr ? after->id : before->id;
  if (was != kNever) due_.erase({was, id});
  if (is != kNever) due_.emplace(is, id);
}

void CaseTable::Decided(std::shared_ptr<const Case> after, const LiveKey* key) {
  Entry& entry = cases_[after->id];
  ReindexOpen(entry.decided.get(), after.get());
  entry.decided = std::move(after);
  if (key != nullptr) PutKey(*key);
}

std::shared_ptr<const Case> CaseTable::Counted(std::shared_ptr<const Case> after) {
  const auto found = cases_.find(after->id);
  if (found == cases_.end()) return nullptr;
  Entry& entry = found->second;
  std::shared_ptr<const Case> before = std::move(entry.counted);
  Reindex(before.get(), after.get());
  if (after->retired && entry.decided == after) {
    cases_.erase(found);
    return before;
  }
  entry.counted = std::move(after);
  return before;
}

void CaseTable::ForgetDecided() {
  std::set<CaseId> never_were;
  for (auto it = cases_.begin(); it != cases_.end();) {
    Entry& entry = it->second;
    if (entry.decided != entry.counted) {
      ReindexOpen(entry.decided.get(), entry.counted.get());
      entry.decided = entry.counted;
    }
    if (entry.counted == nullptr) {
      never_were.insert(it->first);
      it = cases_.erase(it);
    } else {
      ++it;
    }
  }
  if (!never_were.empty())
    std::erase_if(keys_, [&](const auto& item) { return never_were.contains(item.second.case_id); });
}

void CaseTable::Put(std::shared_ptr<const Case> c) {
  Entry& entry = cases_[c->id];
  ReindexOpen(entry.decided.get(), c.get());
  Reindex(entry.counted.get(), c.get());
  entry.decided = entry.counted = std::move(c);
  if (entry.counted->retired) cases_.erase(entry.counted->id);
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

void CaseTable::Clear() { *this = CaseTable(); }

std::vector<std::shared_ptr<const Case>> CaseTable::Due(InstantMs until, size_t limit) const {
  std::vector<std::shared_ptr<const Case>> out;
  for (const auto& [at, id] : due_) {
    if (at > until || out.size() >= limit) break;
    const Entry* entry = Find(id);
    if (entry != nullptr && entry->counted != nullptr) out.push_back(entry->counted);
  }
  return out;
}

std::vector<std::shared_ptr<const Case>> CaseTable::AllCounted() const {
  std::vector<std::shared_ptr<const Case>> out;
  out.reserve(cases_.size());
  for (const auto& [id, entry] : cases_) {
    if (entry.counted != nullptr) out.push_back(entry.counted);
  }
  return out;
}

std::vector<std::shared_ptr<const Case>> CaseTable::AllDecided() const {
  std::vector<std::shared_ptr<const Case>> out;
  out.reserve(cases_.size());
  for (const auto& [id, entry] : cases_) {
    if (entry.decided != nullptr) out.push_back(entry.decided);
  }
  return out;
}

std::vector<LiveKey> CaseTable::Keys(InstantMs now) const {
  std::vector<LiveKey> out;
  for (const auto& [fingerprint, key] : keys_) {
    const Entry* entry = Find(key.case_id);
    const bool decided_only = entry != nullptr && entry->counted == nullptr;
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

std::vector<CaseId> CaseTable::Quarantined() const {
  std::vector<CaseId> out;
  for (const auto& [id, entry] : cases_) {
    if (entry.quarantined()) out.push_back(id);
  }
  return out;
}

void CaseTable::ForEachCounted(const std::function<void(const Case&)>& each) const {
  for (const auto& [id, entry] : cases_) {
    if (entry.counted != nullptr) each(*entry.counted);
  }
}

}  // namespace escalon::routing
