#pragma once

#include <google/protobuf/descriptor.h>
#include <google/protobuf/dynamic_message.h>
#include <grpcpp/channel.h>
#include <grpcpp/support/status.h>

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace escalon::test {

/// Every gRPC method of the wire contract, called without knowing any of them by name: a new one cannot be forgotten.
class ContractCalls {
 public:
  using Method = const google::protobuf::MethodDescriptor*;
  using Filler = std::function<void(google::protobuf::Message& request)>;

  struct Answer {
    grpc::Status status;
    std::string bytes;  ///< of the (first) response; empty: none
    bool served() const { return status.error_code() != grpc::StatusCode::UNIMPLEMENTED; }
  };

  /// From the descriptors that the build made of proto/.
  ContractCalls();
  /// Of Escalon's own packages.
  const std::vector<Method>& methods() const { return methods_; }
  /// An empty request of a method, to be filled by reflection.
  std::unique_ptr<google::protobuf::Message> RequestOf(Method method);
  /// One call; `authorization` empty: no credential. Streams are given one message and read for one, for as long as
  /// `patience`.
  Answer Call(const std::shared_ptr<grpc::Channel>& channel, Method method, const google::protobuf::Message& request,
              const std::string& authorization, std::chrono::milliseconds patience = std::chrono::seconds(10)) const;

 private:
  google::protobuf::DescriptorPool pool_;
  google::protobuf::DynamicMessageFactory factory_;
  std::vector<Method> methods_;
};

}  // namespace escalon::test
