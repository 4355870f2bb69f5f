#include "common/domain/hash_chain.h"

namespace escalon {

Digest NextChainHash(const Digest& previous, const ChainLink& link, std::string_view body) {
  const size_t canonical = 16 + 8 + 4 + link.tenant.size() + 4 + 4 * link.kinds.size() + 4 +
                           link.policy_version.size() + 4 + link.command_id.size() + 4;
  const auto be32 = [](size_t size) { return static_cast<uint32_t>(size); };
  Sha256 hash;
  hash.AddByte(0x01).Add(AsView(previous)).AddBe32(be32(canonical));
  hash.Add(link.case_id.AsBytes()).AddBe64(link.version);
  hash.AddBe32(be32(link.tenant.size())).Add(link.tenant);
  hash.AddBe32(be32(link.kinds.size()));
  for (uint32_t kind : link.kinds) hash.AddBe32(kind);
  hash.AddBe32(be32(link.policy_version.size())).Add(link.policy_version);
  hash.AddBe32(be32(link.command_id.size())).Add(link.command_id);
  hash.AddBe32(link.schema_level);
  hash.AddBe32(be32(body.size())).Add(body);
  return hash.Finish();
}

}  // namespace escalon
