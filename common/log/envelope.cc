#include "common/log/envelope.h"

#include <algorithm>
#include <charconv>
#include <limits>

#include "common/core/varint.h"
#include "common/log/wire_format.h"

namespace escalon::log {
namespace {

using wire::Fields;
using wire::PutBytes;
using wire::PutNumber;

std::string_view AsText(const Bytes16& bytes) { return {reinterpret_cast<const char*>(bytes.data()), bytes.size()}; }

bool HasCase(RecordType type) { return type == RecordType::kEvents || type == RecordType::kBaseCase; }

Status CheckText(const char* field, std::string_view text, size_t most) {
  if (text.size() > most) return InvalidField(field, "longer than " + std::to_string(most) + " bytes");
  if (!wire::IsUtf8(text)) return InvalidField(field, "not valid UTF-8");
  return {};
}

/// The one set of rules for both directions, so that what is written can be read.
Status Check(const RecordHead& head, size_t body_size) {
  if (head.type < RecordType::kEvents || head.type > RecordType::kBaseEnd)
    return InvalidField("type", "no known record type; a newer reader may know it");
  if (head.epoch == 0) return InvalidField("epoch", "0; the first fence has epoch 1");
  if (head.owner == Bytes16{}) return InvalidField("owner", "missing");
  if ((head.type == RecordType::kFence) != (head.seq == 0))
    return InvalidField("seq", "0 on a fence and on nothing else");
  if (HasCase(head.type) == head.case_id.empty())
    return InvalidField("case_id", head.case_id.empty() ? "missing" : "must be empty on this type");
  if (HasCase(head.type) == (head.version == 0))
    return InvalidField("version", head.version == 0 ? "missing" : "must be 0 on this type");
  if (Status s = CheckText("tenant", head.tenant, kMaxTenantBytes); !s) return s;
  if (Status s = CheckText("trace_parent", head.trace_parent, kMaxIdBytes); !s) return s;
  if (Status s = CheckText("policy_version", head.policy_version, kMaxIdBytes); !s) return s;
  if (Status s = CheckText("command_id", head.command_id, kMaxIdBytes); !s) return s;
  if (head.kinds.size() > kMaxKinds) return InvalidField("kinds", "more than " + std::to_string(kMaxKinds));
  if (body_size > kMaxRecordBytes) return InvalidField("body", "the record is larger than 1 MiB");
  return {};
}

Error Broken(const char* what) { return InvalidField(what, "not the protobuf wire format of this record"); }

bool ReadKinds(const Fields& f, std::vector<uint32_t>* kinds) {
  constexpr uint64_t kMost = std::numeric_limits<uint32_t>::max();
  if (f.is_number()) {
    if (f.number() > kMost || kinds->size() > kMaxKinds) return false;
    kinds->push_back(static_cast<uint32_t>(f.number()));
    return true;
  }
  if (!f.is_bytes()) return false;
  std::string_view rest = f.bytes();
  while (!rest.empty()) {
    uint64_t kind = 0;
    if (!TakeVarint(&rest, &kind) || kind > kMost || kinds->size() > kMaxKinds) return false;
    kinds->push_back(static_cast<uint32_t>(kind));
  }
  return true;
}

bool ReadText(const Fields& f, std::string* out) {
  if (!f.is_bytes()) return false;
  out->assign(f.bytes());
  return true;
}

bool ReadNumber(const Fields& f, uint64_t* out) {
  *out = f.number();
  return f.is_number();
}

bool ReadDigest(std::string_view bytes, Digest* out) {
  if (bytes.size() != out->size()) return false;
  std::copy(bytes.begin(), bytes.end(), out->begin());
  return true;
}

bool ReadCaseId(std::string_view bytes, CaseId* out) {
  Result<CaseId> id = CaseId::FromBytes(bytes);
  if (id) *out = *id;
  return id.ok();
}

/// Null: fine. Otherwise the name of the field that is not what it must be.
const char* ReadField(const Fields& f, RecordHead* head, std::string_view* body) {
  uint64_t number = 0;
  switch (f.field()) {
    case 1:
      return ReadNumber(f, &head->epoch) ? nullptr : "epoch";
    case 2:
      return f.is_bytes() && wire::ReadBytes16(f.bytes(), &head->owner) ? nullptr : "owner";
    case 3:
      return ReadNumber(f, &head->seq) ? nullptr : "seq";
    case 4:
      return f.is_bytes() && ReadCaseId(f.bytes(), &head->case_id) ? nullptr : "case_id";
    case 5:
      return ReadNumber(f, &head->version) ? nullptr : "version";
    case 6:
      return ReadText(f, &head->tenant) ? nullptr : "tenant";
    case 7:
      return ReadKinds(f, &head->kinds) ? nullptr : "kinds";
    case 8:
      return f.is_bytes() && ReadDigest(f.bytes(), &head->chain_hash) ? nullptr : "chain_hash";
    case 9:
      return ReadText(f, &head->trace_parent) ? nullptr : "trace_parent";
    case 10:
      return ReadText(f, &head->policy_version) ? nullptr : "policy_version";
    case 11:
      return ReadText(f, &head->command_id) ? nullptr : "command_id";
    case 12:
      if (!ReadNumber(f, &number) || number > std::numeric_limits<uint32_t>::max()) return "schema_level";
      head->schema_level = static_cast<uint32_t>(number);
      return nullptr;
    case 13:
      if (!f.is_bytes()) return "body";
      *body = f.bytes();
      return nullptr;
    case 14:
      if (!ReadNumber(f, &number) || number > static_cast<uint64_t>(RecordType::kBaseEnd)) return "type";
      head->type = static_cast<RecordType>(number);
      return nullptr;
    case 15:
      if (!ReadNumber(f, &number)) return "recovered_from_view";
      head->recovered_from_view = number != 0;
      return nullptr;
    default:
      return nullptr;  // a field of a later version
  }
}

}  // namespace

Status Encode(const RecordHead& head, std::string_view body, std::string* out) {
  if (Status s = Check(head, body.size()); !s) return s;
  const size_t before = out->size();
  out->reserve(before + body.size() + head.tenant.size() + head.trace_parent.size() + head.policy_version.size() +
               head.command_id.size() + 5 * head.kinds.size() + 160);
  PutNumber(1, head.epoch, out);
  PutBytes(2, AsText(head.owner), out);
  PutNumber(3, head.seq, out);
  if (!head.case_id.empty()) PutBytes(4, head.case_id.AsBytes(), out);
  PutNumber(5, head.version, out);
  PutBytes(6, head.tenant, out);
  if (!head.kinds.empty()) {
    std::string packed;
    for (uint32_t kind : head.kinds) PutVarint(kind, &packed);
    PutBytes(7, packed, out);
  }
  if (head.chain_hash != Digest{}) PutBytes(8, AsView(head.chain_hash), out);
  PutBytes(9, head.trace_parent, out);
  PutBytes(10, head.policy_version, out);
  PutBytes(11, head.command_id, out);
  PutNumber(12, head.schema_level, out);
  PutBytes(13, body, out);
  PutNumber(14, static_cast<uint64_t>(head.type), out);
  PutNumber(15, head.recovered_from_view ? 1 : 0, out);
  if (out->size() - before > kMaxRecordBytes) {
    out->resize(before);
    return InvalidField("body", "the record is larger than 1 MiB");
  }
  return {};
}

Result<Record> Decode(std::string_view bytes) {
  if (bytes.size() > kMaxRecordBytes) return InvalidField("record", "larger than 1 MiB");
  Record record;
  record.head.type = static_cast<RecordType>(0);
  std::string_view body;
  Fields fields(bytes);
  while (fields.Next())
    if (const char* bad = ReadField(fields, &record.head, &body)) return InvalidField(bad, "wrong type, size or range");
  if (!fields.ok()) return Broken("record");
  if (Status s = Check(record.head, body.size()); !s) return s.error();
  record.body.assign(body);
  return record;
}

EnvelopeHeaders::EnvelopeHeaders(const RecordHead& head) {
  for (uint32_t kind : head.kinds) {
    if (!kinds_.empty()) kinds_.push_back(',');
    char digits[10];
    kinds_.append(digits, std::to_chars(digits, digits + sizeof digits, kind).ptr);
  }
  const char* end = std::to_chars(version_.data(), version_.data() + version_.size(), head.version).ptr;
  headers_ = {Header{"k", kinds_}, Header{"t", head.tenant},
              Header{"v", {version_.data(), static_cast<size_t>(end - version_.data())}}};
}

std::string_view KeyOf(const RecordHead& head) {
  return head.case_id.empty() ? std::string_view() : head.case_id.AsBytes();
}

std::string EncodeFence(const Fence& fence) {
  std::string out;
  PutBytes(1, fence.owner_address, &out);
  PutBytes(2, fence.owner_name, &out);
  return out;
}

Result<Fence> DecodeFence(std::string_view body) {
  Fence fence;
  Fields f(body);
  while (f.Next()) {
    if (f.field() == 1 && !ReadText(f, &fence.owner_address)) return Broken("owner_address");
    if (f.field() == 2 && !ReadText(f, &fence.owner_name)) return Broken("owner_name");
  }
  if (!f.ok()) return Broken("fence");
  if (Status s = CheckText("owner_address", fence.owner_address, kMaxIdBytes); !s) return s.error();
  if (Status s = CheckText("owner_name", fence.owner_name, kMaxIdBytes); !s) return s.error();
  return fence;
}

std::string EncodeBaseBegin(const BaseBegin& begin) {
  std::string out;
  wire::PutPosition(1, begin.floor, &out);
  PutNumber(2, static_cast<uint64_t>(begin.begun_at_ms), &out);
  return out;
}

Result<BaseBegin> DecodeBaseBegin(std::string_view body) {
  BaseBegin begin;
  bool floor = false;
  Fields f(body);
  while (f.Next()) {
    if (f.field() == 1) {
      if (!f.is_bytes() || !wire::ReadPosition(f.bytes(), &begin.floor)) return Broken("floor");
      floor = true;
    } else if (f.field() == 2) {
      if (!f.is_number()) return Broken("begun_at_ms");
      begin.begun_at_ms = static_cast<InstantMs>(f.number());
    }
  }
  if (!f.ok()) return Broken("base_begin");
  if (!floor) return InvalidField("floor", "missing");
  return begin;
}

std::string EncodeBaseKeys(std::span<const BaseKey> page) {
  std::string out, key;
  for (const BaseKey& k : page) {
    key.clear();
    PutBytes(1, AsText(k.fingerprint), &key);
    PutBytes(2, k.case_id.AsBytes(), &key);
    PutBytes(3, AsView(k.body_hash), &key);
    PutNumber(4, static_cast<uint64_t>(k.expires_at_ms), &key);
    wire::PutElement(1, key, &out);
  }
  return out;
}

Result<std::vector<BaseKey>> DecodeBaseKeys(std::string_view body) {
  std::vector<BaseKey> page;
  Fields f(body);
  while (f.Next()) {
    if (f.field() != 1) continue;
    if (!f.is_bytes()) return Broken("keys");
    if (page.size() == kMaxKeysPerPage) return InvalidField("keys", "more than " + std::to_string(kMaxKeysPerPage));
    BaseKey key;
    int needed = 0;
    Fields k(f.bytes());
    while (k.Next()) {
      if ((k.field() <= 3 && !k.is_bytes()) || (k.field() == 4 && !k.is_number())) return Broken("keys");
      if (k.field() == 1) needed |= wire::ReadBytes16(k.bytes(), &key.fingerprint) ? 1 : 8;
      if (k.field() == 2) needed |= ReadCaseId(k.bytes(), &key.case_id) ? 2 : 8;
      if (k.field() == 3) needed |= ReadDigest(k.bytes(), &key.body_hash) ? 4 : 8;
      if (k.field() == 4) key.expires_at_ms = static_cast<InstantMs>(k.number());
    }
    if (!k.ok() || needed != 7) return Broken("keys");
    page.push_back(key);
  }
  if (!f.ok()) return Broken("keys");
  return page;
}

std::string EncodeBaseEnd(const BaseEnd& end) {
  std::string out;
  wire::PutPosition(1, end.floor, &out);
  PutNumber(2, end.cases, &out);
  PutNumber(3, end.key_pages, &out);
  return out;
}

Result<BaseEnd> DecodeBaseEnd(std::string_view body) {
  BaseEnd end;
  bool floor = false;
  Fields f(body);
  while (f.Next()) {
    if (f.field() == 1) {
      if (!f.is_bytes() || !wire::ReadPosition(f.bytes(), &end.floor)) return Broken("floor");
      floor = true;
    } else if (f.field() == 2) {
      if (!ReadNumber(f, &end.cases)) return Broken("cases");
    } else if (f.field() == 3) {
      if (!ReadNumber(f, &end.key_pages)) return Broken("key_pages");
    }
  }
  if (!f.ok()) return Broken("base_end");
  if (!floor) return InvalidField("floor", "missing");
  return end;
}

}  // namespace escalon::log
