#pragma once

#include <array>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "common/core/result.h"
#include "common/log/record.h"

/// Records to bytes and back: the protobuf wire format of record.proto, written by hand because every record of every
/// reader goes through here. Pure, thread-safe. Decoding is total: any bytes give a value or kInvalidArgument with the
/// field.
namespace escalon::log {

/// Of a whole record, as topic and clients allow it (rule 23). Producers refuse what is larger.
inline constexpr size_t kMaxRecordBytes = 1 << 20;
/// What the broker and the clients are told: the record, its key and headers, and Kafka's own framing.
inline constexpr size_t kMaxMessageBytes = kMaxRecordBytes + 64 * 1024;
/// Bounds of single fields; encoding and decoding refuse more.
inline constexpr size_t kMaxTenantBytes = 256;
inline constexpr size_t kMaxIdBytes = 512;  ///< trace_parent, policy_version, command_id, owner_address, owner_name
inline constexpr size_t kMaxKinds = 1024;
inline constexpr size_t kMaxKeysPerPage = 4096;  ///< of base_keys

/// Appends nothing to `out` on an error. What it accepts, Decode accepts, with the same value.
Status Encode(const RecordHead& head, std::string_view body, std::string* out);
Result<Record> Decode(std::string_view bytes);

/// One Kafka header; the views must outlive the call they are given to.
struct Header {
  std::string_view name;
  std::string_view value;
};

/// The headers of a record: `k` kinds as decimal numbers with commas, `t` tenant, `v` version as a decimal number.
/// Texts, so that kcat shows them. Refers to `head`, which must outlive it.
class EnvelopeHeaders {
 public:
  explicit EnvelopeHeaders(const RecordHead& head);
  EnvelopeHeaders(const EnvelopeHeaders&) = delete;
  EnvelopeHeaders& operator=(const EnvelopeHeaders&) = delete;
  std::span<const Header> all() const { return headers_; }

 private:
  std::string kinds_;
  std::array<char, 20> version_;
  std::array<Header, 3> headers_;
};

/// The Kafka key: the case id's 16 bytes, empty where there is no case. For people and tools; placement goes by shard.
std::string_view KeyOf(const RecordHead& head);

std::string EncodeFence(const Fence& fence);
Result<Fence> DecodeFence(std::string_view body);
std::string EncodeBaseBegin(const BaseBegin& begin);
Result<BaseBegin> DecodeBaseBegin(std::string_view body);
std::string EncodeBaseKeys(std::span<const BaseKey> page);
Result<std::vector<BaseKey>> DecodeBaseKeys(std::string_view body);
std::string EncodeBaseEnd(const BaseEnd& end);
Result<BaseEnd> DecodeBaseEnd(std::string_view body);

}  // namespace escalon::log
